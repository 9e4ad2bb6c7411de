"""What a part of a sentence names: fields, their values, models, kinds of requests."""
