"""The report: what the pages say, what every referee makes of it, and how far to trust that."""
