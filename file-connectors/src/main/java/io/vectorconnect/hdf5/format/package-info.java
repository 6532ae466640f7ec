/**
 * What an HDF5 file contains, read without trusting it: {@link
 * io.vectorconnect.hdf5.format.Hdf5Objects} finds objects by path, {@link
 * io.vectorconnect.hdf5.format.StoredDataset} describes a dataset, and {@link
 * io.vectorconnect.hdf5.format.ChunkReader} reads its chunks. jHDF parses superblocks, datatypes,
 * heaps, and the tables of old groups. The rest is read here because jHDF 0.13 ignores filter
 * masks, shared messages and the maximum extents that number chunks, and because one object that it
 * cannot read makes it refuse the whole group.
 *
 * <p>The layouts are those of the HDF5 File Format Specification, version 3.0.
 */
package io.vectorconnect.hdf5.format;
