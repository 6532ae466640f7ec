package io.vectorconnect.examples;

import io.jhdf.HdfFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One row of the example data: a Debian package and the embedding of its description.
 *
 * @param id the primary key
 * @param embedding 384 float32 elements of unit norm
 */
record DebianPackage(
    long id,
    float[] embedding,
    String name,
    String section,
    String description,
    int installedSizeKib) {

  static final int DIMENSION = 384;

  /** All rows of the HDF5 file. */
  static List<DebianPackage> read(Path file) {
    try (HdfFile hdf = new HdfFile(file)) {
      long[] ids = (long[]) hdf.getDatasetByPath("ids").getData();
      float[][] embeddings = (float[][]) hdf.getDatasetByPath("embeddings").getData();
      String[] names = (String[]) hdf.getDatasetByPath("name").getData();
      String[] sections = (String[]) hdf.getDatasetByPath("section").getData();
      String[] descriptions = (String[]) hdf.getDatasetByPath("description").getData();
      int[] sizes = (int[]) hdf.getDatasetByPath("installed_size_kib").getData();
      List<DebianPackage> rows = new ArrayList<>(ids.length);
      for (int i = 0; i < ids.length; i++) {
        rows.add(
            new DebianPackage(
                ids[i], embeddings[i], names[i], sections[i], descriptions[i], sizes[i]));
      }
      return rows;
    }
  }

  /** The columns in which this row differs from another, to the bit. */
  List<String> differences(DebianPackage other) {
    List<String> columns = new ArrayList<>();
    if (id != other.id) {
      columns.add("id");
    }
    if (!Arrays.equals(bits(embedding), bits(other.embedding))) {
      columns.add("embedding");
    }
    if (!name.equals(other.name)) {
      columns.add("name");
    }
    if (!section.equals(other.section)) {
      columns.add("section");
    }
    if (!description.equals(other.description)) {
      columns.add("description");
    }
    if (installedSizeKib != other.installedSizeKib) {
      columns.add("installed_size_kib");
    }
    return columns;
  }

  private static int[] bits(float[] elements) {
    int[] bits = new int[elements.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(elements[i]);
    }
    return bits;
  }
}
