"""Pages accepted one after the other in a copy of the project, whose whole suite stays green."""
