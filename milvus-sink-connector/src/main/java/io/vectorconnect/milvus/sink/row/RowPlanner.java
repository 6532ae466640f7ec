package io.vectorconnect.milvus.sink.row;

import io.milvus.grpc.DataType;
import io.vectorconnect.config.SimilarName;
import io.vectorconnect.data.VectorType;
import io.vectorconnect.milvus.Collection;
import io.vectorconnect.milvus.Filter;
import io.vectorconnect.milvus.MilvusClient;
import io.vectorconnect.milvus.MilvusException;
import io.vectorconnect.milvus.TextType;
import io.vectorconnect.milvus.sink.alias.Rebuilds;
import io.vectorconnect.milvus.sink.collection.CollectionClaims;
import io.vectorconnect.milvus.sink.collection.CollectionCreator;
import io.vectorconnect.milvus.sink.collection.CollectionNames;
import io.vectorconnect.milvus.sink.collection.DeferredIndexes;
import io.vectorconnect.milvus.sink.config.MilvusSinkConfig;
import io.vectorconnect.milvus.sink.row.RowPlan.Cell;
import io.vectorconnect.sink.Change;
import io.vectorconnect.sink.InsertMode;
import io.vectorconnect.sink.PartialUpdate;
import io.vectorconnect.sink.PkMode;
import io.vectorconnect.sink.RecordField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;

/** Makes row plans: matches a record's fields with its collection, which it creates if it may. */
public final class RowPlanner {
  private final MilvusSinkConfig config;
  private final CollectionNames names;
  private final CollectionClaims claims;
  private final CollectionCreator creator;
  private final Rebuilds rebuilds;
  private final DeferredIndexes deferred;

  public RowPlanner(
      MilvusSinkConfig config,
      CollectionCreator creator,
      Rebuilds rebuilds,
      DeferredIndexes deferred) {
    this.config = config;
    this.creator = creator;
    this.rebuilds = rebuilds;
    this.deferred = deferred;
    this.names = new CollectionNames(config.collectionNameFormat());
    this.claims = new CollectionClaims(config);
  }

  /**
   * The plan for records like this one.
   *
   * @throws DataException when such records cannot be written to the collection
   * @throws MilvusException when the server does not answer
   */
  public RowPlan plan(MilvusClient client, Change change) {
    String name = rebuilds.collection(client, names.of(change.record().topic()));
    if (!claims.take(client, name)) {
      return RowPlan.nothing();
    }
    return switch (change.kind()) {
      case UPSERT -> rowPlan(client, name, change);
      case DELETE -> deletePlan(client, name, change);
      case TRUNCATE ->
          throw new DataException(
              "a truncation of the source, which Milvus has no request for; drop the collection"
                  + " yourself, or let the source skip truncations");
      case NOTHING -> RowPlan.nothing();
    };
  }

  private RowPlan rowPlan(MilvusClient client, String name, Change change) {
    List<RecordField> values = config.rows().fields().ofRow(RecordField.ofRow(change));
    Set<String> absent =
        config.rows().fields().ofRow(RecordField.absentOfRow(change)).stream()
            .map(RecordField::name)
            .collect(Collectors.toSet());
    Optional<RecordField> key =
        switch (config.rows().pkMode()) {
          case RECORD_KEY -> Optional.of(recordKey(change));
          case RECORD_VALUE ->
              Optional.of(one(RecordField.pick(values, config.rows().pkFields(), "value")));
          case NONE -> Optional.empty();
        };
    List<RecordField> fields = new ArrayList<>();
    key.ifPresent(fields::add);
    values.stream()
        .filter(field -> key.isEmpty() || !field.name().equals(key.get().name()))
        .forEach(fields::add);
    key.ifPresent(field -> requireNamed(name, field.name()));
    Target target = targetFor(client, name, change, fields, key);
    requireKey(target, key);
    requireColumns(target, absent);
    if (!absent.isEmpty()) {
      deferred.finishNow(client, name); // what the records do not tell is read there
    }
    List<Cell> cells = new ArrayList<>();
    for (Column column : target.columns()) {
      cells.add(cell(target, column, take(fields, column.name())));
    }
    requirePlace(target, fields);
    return RowPlan.row(target, cells, target.keyIndex(), dynamic(target, fields), absent);
  }

  /**
   * What a record does not tell can be taken from the collection, if it stands in columns there.
   */
  private void requireColumns(Target target, Set<String> absent) {
    if (absent.isEmpty()) {
      return;
    }
    String problem = null;
    if (config.rows().insertMode() == InsertMode.INSERT) {
      problem = "a change of a row needs insert.mode=upsert";
    } else if (absent.contains(target.keyName())) {
      problem = "the key needs it";
    } else if (!target.columns().stream().map(Column::name).toList().containsAll(absent)) {
      problem = "dynamic fields are replaced as a whole";
    }
    if (problem != null) {
      throw new DataException(
          "collection %s: %s; %s"
              .formatted(target.collection(), PartialUpdate.notTold(absent), problem));
    }
  }

  private static DynamicFields dynamic(Target target, List<RecordField> fields) {
    try {
      return new DynamicFields(fields, target.fieldNames());
    } catch (DataException e) {
      throw new DataException("collection %s: %s".formatted(target.collection(), e.getMessage()));
    }
  }

  private RecordField recordKey(Change change) {
    List<RecordField> fields = RecordField.ofKey(change, config.rows().pkFields());
    return one(config.rows().fields().ofKey(fields));
  }

  private RowPlan deletePlan(MilvusClient client, String name, Change change) {
    if (!config.rows().deleteEnabled()) {
      return RowPlan.nothing();
    }
    if (config.rows().insertMode() == InsertMode.INSERT
        || config.rows().pkMode() != PkMode.RECORD_KEY) {
      throw new DataException(
          "a delete needs insert.mode=upsert and pk.mode=record_key; set delete.enabled=false to"
              + " pass deletes over");
    }
    Optional<Target> target = find(client, name);
    if (target.isEmpty()) {
      return RowPlan.nothing();
    }
    RecordField key = recordKey(change);
    requireNamed(name, key.name());
    requireKey(target.get(), Optional.of(key));
    Column column = target.get().columns().get(target.get().keyIndex());
    return RowPlan.delete(target.get(), cell(target.get(), column, Optional.of(key)));
  }

  /**
   * A delete, and an update that does not tell all columns, names the key in a filter.
   *
   * @throws ConnectException when no filter can: every delete would be refused
   */
  private void requireNamed(String collection, String key) {
    if (config.rows().insertMode() == InsertMode.UPSERT && !Filter.canName(key)) {
      throw new ConnectException(
          "collection %s: %s, or insert.mode=insert".formatted(collection, Filter.cannotName(key)));
    }
  }

  private static RecordField one(List<RecordField> keys) {
    if (keys.size() != 1) {
      throw new DataException(
          "the record's key has the fields %s, and a primary key in Milvus is one field; name it by pk.fields, or join them by a transform"
              .formatted(keys.stream().map(RecordField::name).toList()));
    }
    return keys.get(0);
  }

  private Target targetFor(
      MilvusClient client,
      String name,
      Change change,
      List<RecordField> fields,
      Optional<RecordField> key) {
    Optional<Target> existing = find(client, name);
    if (existing.isPresent()) {
      return existing.get();
    }
    if (!config.autoCreate()) {
      throw new DataException(
          "collection %s does not exist%s; create it, or set auto.create=true"
              .formatted(name, SimilarName.hint(name, client.collections())));
    }
    Optional<DataException> refused = creator.create(client, name, change, fields, key);
    // Another task may have created it at the same moment: then it is there all the same.
    return find(client, name)
        .orElseThrow(
            () ->
                refused.orElseGet(
                    () ->
                        new DataException(
                            "collection %s was created, and is gone".formatted(name))));
  }

  private Optional<Target> find(MilvusClient client, String name) {
    try {
      Collection collection = Collection.describe(client, name);
      if (deferred.isOn()) {
        deferred.found(collection);
      } else {
        creator.finish(client, collection);
      }
      WritableFields.require(collection, config.textTypes());
      return Optional.of(new Target(collection));
    } catch (MilvusException e) {
      if (e.kind() == MilvusException.Kind.NO_COLLECTION) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void requireKey(Target target, Optional<RecordField> key) {
    if (target.keyMadeByServer()) {
      if (config.rows().insertMode() == InsertMode.UPSERT || key.isPresent()) {
        throw new DataException(
            "collection %s makes its keys itself (autoID on %s), so that a record that arrives again would be another row; use a collection without autoID, or insert.mode=insert and pk.mode=none"
                .formatted(target.collection(), target.keyName()));
      }
    } else if (key.isPresent() && !key.get().name().equals(target.keyName())) {
      throw new DataException(
          "the primary key of collection %s is %s, and the record's is %s; rename the field by a transform, or set pk.fields"
              .formatted(target.collection(), target.keyName(), key.get().name()));
    }
  }

  private static Optional<RecordField> take(List<RecordField> fields, String name) {
    Optional<RecordField> found =
        fields.stream().filter(field -> field.name().equals(name)).findFirst();
    found.ifPresent(fields::remove);
    return found;
  }

  /** What is left over goes into the dynamic fields, if there are any. */
  private static void requirePlace(Target target, List<RecordField> fields) {
    for (RecordField field : fields) {
      if (target.keyMadeByServer() && field.name().equals(target.keyName())) {
        throw new DataException(
            "collection %s makes its keys itself (autoID), and the record has a field %s; leave it out by a transform"
                .formatted(target.collection(), field.name()));
      }
      if (target.computed().contains(field.name())) {
        throw new DataException(
            "collection %s computes field %s by a function, and the record has a field of that name; leave it out by a transform"
                .formatted(target.collection(), field.name()));
      }
      if (!target.dynamic()) {
        throw new DataException(
            DynamicFields.isCarrier(field)
                ? "collection %s has no dynamic fields, which %s is; leave it out by a transform"
                    .formatted(target.collection(), field.name())
                : "collection %s has no field %s and no dynamic fields; add it, or leave it out by a transform"
                    .formatted(target.collection(), field.name()));
      }
    }
  }

  private Cell cell(Target target, Column column, Optional<RecordField> field) {
    try {
      if (field.isEmpty()) {
        if (!column.nullable() && !column.defaulted()) {
          throw new DataException(
              "the record has no such field, which the collection needs; fill it by a transform");
        }
        return new Cell(column, null, null);
      }
      return new Cell(column, field.get(), encoder(column, field.get()));
    } catch (DataException e) {
      throw new DataException(
          "field %s (%s) of collection %s: %s"
              .formatted(column.name(), column.declaration(), target.collection(), e.getMessage()));
    }
  }

  private CellEncoder encoder(Column column, RecordField field) {
    Optional<VectorType> vector = column.vectorType();
    if (vector.isPresent()) {
      return VectorCells.of(
          field.schema(), vector.get(), column.dimension(), config.rows().lossyCasts());
    }
    Optional<TextType> text = TextType.of(column.type());
    if (text.isPresent()) {
      return TextCells.of(text.get(), config.textTypes());
    }
    if (column.type() == DataType.Array) {
      return ArrayCells.of(field.schema(), column);
    }
    return column.type() == DataType.JSON
        ? JsonText.encoder(field.schema())
        : ScalarCells.of(column);
  }
}
