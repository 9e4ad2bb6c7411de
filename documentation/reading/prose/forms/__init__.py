"""What is said in another form than a sentence: tables of values, and how a text is spelled."""
