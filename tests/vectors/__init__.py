"""Vector suites: known answers in folders of data, found by the layout of their files."""
