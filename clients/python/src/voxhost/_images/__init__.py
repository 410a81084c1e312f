"""The edge between images of other packages and ours. LPS and RAS meet here and nowhere else."""
