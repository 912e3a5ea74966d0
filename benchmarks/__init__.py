"""Campaigns and measurements that take minutes; what they find is kept by the tests."""
