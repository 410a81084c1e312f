"""The cases, by room. Each module has FOLDERS: the folder's name and what writes it."""
