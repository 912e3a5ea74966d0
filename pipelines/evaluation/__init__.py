"""How good the rows are: the open benchmark in ``tests/gold``, its format, its scores."""
