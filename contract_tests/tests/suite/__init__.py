"""Tests of the suite itself: the mock, the referees, the commands."""
