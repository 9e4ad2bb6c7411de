"""Tests of the reader, on pages written for them in the site's layouts."""
