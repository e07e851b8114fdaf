"""An invented world of any size: for measuring, and for looking at a large site before there is one."""
