"""Official boundary files of any format and coordinate system, brought to WGS84, looked through and cleaned.

For the console only: GDAL takes 50 MB of memory, which no process that answers citizens can spare.
"""
