"""Reading the files of a profile: each kind of file once, every fault with its file and line."""
