package io.vectorconnect.milvus.sink.row;

import io.milvus.grpc.FieldData;
import io.milvus.grpc.QueryResults;
import io.vectorconnect.milvus.MilvusClient;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads rows of a collection, to write them again with some of their values changed. */
public final class StoredRows {
  /**
   * Rows of one read; well below the number that servers give at most, and below their RPC limit.
   */
  private static final int PAGE = 500;

  private StoredRows() {}

  /**
   * Puts the stored values into updates, so that every row is whole.
   *
   * @param updates of one target; each that is found is replaced by its whole row, the others are
   *     removed
   * @return those of which there is no row
   * @throws io.vectorconnect.milvus.MilvusException when the server does not answer; what was read
   *     is kept, and the same call goes on with the rest
   */
  public static List<Row> fillIn(MilvusClient client, List<Row> updates) {
    long guarantee = client.guaranteeNow();
    for (int from = 0; from < updates.size(); from += PAGE) {
      fillPage(client, updates.subList(from, Math.min(from + PAGE, updates.size())), guarantee);
    }
    List<Row> missing = updates.stream().filter(StoredRows::isPart).toList();
    updates.removeIf(StoredRows::isPart);
    return missing;
  }

  private static boolean isPart(Row row) {
    for (Object value : row.values()) {
      if (value == Row.UNTOLD) {
        return true;
      }
    }
    return false;
  }

  private static void fillPage(MilvusClient client, List<Row> page, long guarantee) {
    List<Row> parts = page.stream().filter(StoredRows::isPart).toList();
    if (parts.isEmpty()) {
      return;
    }
    Target target = parts.get(0).plan().target();
    String filter =
        target.keyType().anyOf(target.keyName(), parts.stream().map(Row::key).iterator());
    QueryResults stored =
        client.rows(target.collection(), filter, untold(target, parts), guarantee);
    Map<String, FieldData> columns = new HashMap<>();
    stored.getFieldsDataList().forEach(column -> columns.put(column.getFieldName(), column));
    Map<Object, Integer> places = places(target, columns.get(target.keyName()));
    page.replaceAll(
        row ->
            isPart(row) && places.containsKey(row.key())
                ? row.filled(whole(target, row, columns, places.get(row.key())))
                : row);
  }

  /** The names of the fields to read, and of the key. */
  private static List<String> untold(Target target, List<Row> parts) {
    Set<String> fields = new LinkedHashSet<>(List.of(target.keyName()));
    for (Row row : parts) {
      for (int i = 0; i < row.values().length; i++) {
        if (row.values()[i] == Row.UNTOLD) {
          fields.add(target.columns().get(i).name());
        }
      }
    }
    return List.copyOf(fields);
  }

  private static Map<Object, Integer> places(Target target, FieldData keys) {
    Map<Object, Integer> places = new HashMap<>();
    if (keys != null) { // no column comes where no row was found
      Column key = target.columns().get(target.keyIndex());
      int count =
          keys.getScalars().getLongData().getDataCount()
              + keys.getScalars().getStringData().getDataCount();
      for (int i = 0; i < count; i++) {
        places.put(Columns.value(key, keys, i), i);
      }
    }
    return places;
  }

  private static Object[] whole(Target target, Row row, Map<String, FieldData> columns, int place) {
    Object[] values = row.values().clone();
    for (int i = 0; i < values.length; i++) {
      if (values[i] == Row.UNTOLD) {
        Column column = target.columns().get(i);
        values[i] = Columns.value(column, columns.get(column.name()), place);
      }
    }
    return values;
  }
}
