package io.vectorconnect.milvus;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.ScalarField;
import java.util.ArrayList;
import java.util.List;

/**
 * The marks that say which values of a column are not NULL.
 *
 * <p>Milvus 2.5 and 2.6 put them into {@code FieldData.valid_data}. Milvus 3 also has them in
 * {@code ScalarField.valid_data} (17) and {@code VectorField.valid_data} (9), and its log has them
 * only there (milvus-proto's schema.proto, milvus's typeutil.GetFieldDataValidData: the first place
 * is authoritative where it is set). The SDK's classes do not know the new places yet.
 */
public final class Validity {
  private static final int OF_SCALARS = 17;
  private static final int OF_VECTORS = 9;

  private Validity() {}

  /** One mark for each row, or none where the server sends no marks. */
  public static List<Boolean> of(FieldData column) {
    if (column.getValidDataCount() > 0) {
      return column.getValidDataList();
    }
    return column.hasVectors()
        ? marks(column.getVectors().getUnknownFields(), OF_VECTORS)
        : marks(column.getScalars().getUnknownFields(), OF_SCALARS);
  }

  /** One mark for each element of one row's array, or none where all are valid. */
  public static List<Boolean> ofElements(ScalarField array) {
    return marks(array.getUnknownFields(), OF_SCALARS);
  }

  private static List<Boolean> marks(UnknownFieldSet fields, int number) {
    if (!fields.hasField(number)) {
      return List.of();
    }
    List<Boolean> marks = new ArrayList<>();
    UnknownFieldSet.Field field = fields.getField(number);
    for (ByteString packed : field.getLengthDelimitedList()) {
      packed.forEach(mark -> marks.add(mark != 0));
    }
    field.getVarintList().forEach(mark -> marks.add(mark != 0));
    return marks;
  }
}
