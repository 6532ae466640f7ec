package io.vectorconnect.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.data.LittleEndian;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents and events as MongoDB's manuals and specifications print them. */
class MongoDbDocumentTest {
  private static final String OBJECT_ID = "507f1f77bcf86cd799439011";

  private static MongoDbDocument<SourceRecord> transform(String... pairs) {
    Map<String, String> config = new HashMap<>();
    config.put("vector.fields", "v:2");
    for (int i = 0; i < pairs.length; i += 2) {
      config.put(pairs[i], pairs[i + 1]);
    }
    MongoDbDocument<SourceRecord> transform = new MongoDbDocument<>();
    transform.configure(config);
    return transform;
  }

  private static SourceRecord record(Object key, Object value) {
    return new SourceRecord(
        Map.of("ns", "shop"), Map.of("_id", "token"), "shop.items", null, key, null, value);
  }

  private static SourceRecord apply(MongoDbDocument<SourceRecord> transform, String value) {
    return transform.apply(record(null, value));
  }

  private static String event(String operation, String rest) {
    return """
        {"_id": {"_data": "8263"}, "operationType": "%s", "clusterTime": {"$timestamp": {"t": 1, "i": 2}},
         "ns": {"db": "shop", "coll": "items"}, "documentKey": {"_id": {"$oid": "%s"}}%s}"""
        .formatted(operation, OBJECT_ID, rest);
  }

  private static Struct row(String document, String... config) {
    MongoDbDocument<SourceRecord> transform = transform(config);
    return (Struct) apply(transform, event("insert", ", \"fullDocument\": " + document)).value();
  }

  private static String document(String fields) {
    return "{\"_id\": {\"$oid\": \"%s\"}, %s}".formatted(OBJECT_ID, fields);
  }

  private static float[] floats(Struct row) {
    byte[] packed = row.getBytes("v");
    float[] floats = new float[packed.length / 4];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = LittleEndian.getFloat(packed, i * 4);
    }
    return floats;
  }

  @Test
  void anInsertBecomesARowUnderItsId() {
    SourceRecord row =
        apply(
            transform(
                "field.types", "title:string,price:decimal(2)", "fields.mapping", "m.t:title"),
            event(
                "insert",
                ", \"fullDocument\": "
                    + document(
                        """
                        "m": {"t": "screw", "lang": "en"}, "v": [0.1, -2],
                        "price": {"$numberDecimal": "9.90"}, "n": {"$numberLong": "9007199254740993"}""")));
    Struct key = (Struct) row.key();
    Struct value = (Struct) row.value();
    assertThat(key.getString("_id")).isEqualTo(OBJECT_ID);
    assertThat(value.getString("_id")).isEqualTo(OBJECT_ID);
    assertThat(floats(value)).containsExactly(0.1f, -2f);
    assertThat(value.getString("title")).isEqualTo("screw");
    assertThat(value.get("price")).hasToString("9.90");
    assertThat(value.getString("$meta"))
        .isEqualTo("{\"m\": {\"lang\": \"en\"}, \"n\": 9007199254740993}");
    assertThat(row.headers().lastWithName("vectorconnect.snapshot").value()).isEqualTo("false");
  }

  @Test
  void theFirstCopyIsMarked() {
    SourceRecord copied =
        new SourceRecord(
            Map.of(),
            Map.of("_id", "token", "copy", "true"),
            "shop.items",
            null,
            null,
            null,
            event("insert", ", \"fullDocument\": " + document("\"v\": [1, 2]")));
    assertThat(transform().apply(copied).headers().lastWithName("vectorconnect.snapshot").value())
        .isEqualTo("true");
  }

  @Test
  void aDeleteBecomesATombstone() {
    SourceRecord tombstone = apply(transform(), event("delete", ""));
    assertThat(((Struct) tombstone.key()).getString("_id")).isEqualTo(OBJECT_ID);
    assertThat(tombstone.value()).isNull();
    assertThat(tombstone.valueSchema()).isNull();
  }

  @Test
  void anUpdateOfADocumentThatIsGoneAlreadySaysNothing() {
    assertThat(apply(transform(), event("update", ", \"fullDocument\": null"))).isNull();
    assertThat(apply(transform(), event("createIndexes", ""))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "update|change.stream.full.document=updateLookup",
        "drop|cannot be followed",
        "invalidate|cannot be followed",
      })
  void whatCannotBeFollowedIsLoud(String operation, String message) {
    assertThatThrownBy(() -> apply(transform(), event(operation, "")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("topic shop.items")
        .hasMessageContaining(message);
  }

  /** Bytes from the specification of BSON's vectors, with their field's name changed to v. */
  @ParameterizedTest
  @CsvSource({
    "float, 2, 1700000005760 00A0000000927000000FE420000E04000, 0000FE420000E040",
    "int8, 2, 110000000576000400000009030 07F0700, 7F07",
    "float, 2, 110000000576000400000009030 07F0700, 0000FE420000E040",
    "binary, 16, 110000000576000400000009100 07F0700, 7F07",
    "binary, 13, 110000000576000400000009100 37F0800, 7F08",
    "binary, 13, 110000000576000400000009100 37F0F00, 7F08",
  })
  void bsonVectorsAreReadAsTheirSpecificationSays(
      String type, String dimension, String bson, String packed) {
    MongoDbDocument<SourceRecord> transform =
        transform(
            "vector.fields",
            "v:%s:%s".formatted(dimension, type),
            "full.document.only",
            "true",
            "id.type",
            "int64");
    byte[] withoutId = HexFormat.of().parseHex(bson.replace(" ", ""));
    // int32 _id = 7, put before the field.
    byte[] id = HexFormat.of().parseHex("105F69640007000000");
    byte[] document = new byte[withoutId.length + id.length];
    System.arraycopy(withoutId, 0, document, 0, 4);
    document[0] = (byte) document.length;
    System.arraycopy(id, 0, document, 4, id.length);
    System.arraycopy(withoutId, 4, document, 4 + id.length, withoutId.length - 4);
    SourceRecord row = transform.apply(record(null, document));
    assertThat(((Struct) row.key()).getInt64("_id")).isEqualTo(7);
    assertThat(((Struct) row.value()).getBytes("v")).isEqualTo(HexFormat.of().parseHex(packed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1]|expected a vector of dimension 2, got 1",
        "[1, 2, 3]|expected a vector of dimension 2, got 3",
        "[1, 'x']|element 1 of the vector is STRING",
        "[1, null]|element 1 of the vector is NULL",
        "[1, 0.12345678901234567]|element 1 of the vector is a 64-bit number",
        "[1, 1e300]|element 1 of the vector is a 64-bit number",
        "[1, {'$numberLong': '9007199254740993'}]|element 1 of the vector is a 64-bit number",
        "[true, false]|element 0 of the vector is BOOLEAN",
        "'text'|expected a vector, got STRING",
        "{'$binary': {'base64': 'AACAPwAAAEA=', 'subType': '00'}}|Binary of subtype 0",
        "{'$binary': {'base64': 'JwAAAIA=', 'subType': '09'}}|is damaged",
        "{'$binary': {'base64': 'JwEAAIA/AAAAQA==', 'subType': '09'}}|padding 1",
        "{'$binary': {'base64': 'KAAAAIA/', 'subType': '09'}}|0x28",
      })
  void whatIsNoVectorOfTheDeclaredKindIsRefused(String vector, String message) {
    assertThatThrownBy(() -> row(document("\"v\": " + vector)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("column v: ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("9007199254740993");
  }

  @Test
  void numbersAreRoundedOnlyWhereTheConfigurationSaysSo() {
    Struct row =
        row(
            document("\"v\": [0.12345678901234567, {\"$numberLong\": \"9007199254740993\"}]"),
            "vector.lossy.casts",
            "float64_to_float32");
    assertThat(floats(row)).containsExactly(0.12345679f, 0x1p53f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "string|'x'|x",
        "boolean|true|true",
        "int32|3.0|3",
        "int64|{'$numberLong':'-9223372036854775808'}|-9223372036854775808",
        "float32|0.5|0.5",
        "float64|0.1|0.1",
        "decimal(3)|{'$numberDecimal':'1.5'}|1.500",
        "objectid|{'$oid':'507f1f77bcf86cd799439012'}|507f1f77bcf86cd799439012",
        "uuid|{'$uuid':'8d35e8d4-98b1-4d2f-9c2e-3c6f9dd43c0b'}|8d35e8d4-98b1-4d2f-9c2e-3c6f9dd43c0b",
        "json|[1, {'a': null}]|[1, {\"a\": null}]",
        "json|'x'|\"x\"",
        "string|null|null",
      })
  void scalarsKeepTheirValues(String type, String value, String expected) {
    Struct row = row(document("\"v\": [1, 2], \"s\": " + value), "field.types", "s:" + type);
    assertThat(String.valueOf(row.get("s"))).isEqualTo(expected);
  }

  @Test
  void timesAreConnectsOwn() {
    Struct row =
        row(
            document("\"v\": [1, 2], \"s\": {\"$date\": \"1969-12-31T23:59:59.999Z\"}"),
            "field.types",
            "s:timestamp");
    assertThat(row.get("s")).isEqualTo(new java.util.Date(-1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "string|1",
        "int32|{'$numberLong':'2147483648'}",
        "int32|1.5",
        "int64|'1'",
        "float32|0.1",
        "float64|{'$numberLong':'9007199254740993'}",
        "decimal(1)|{'$numberDecimal':'1.25'}",
        "decimal(1)|0.1",
        "decimal(1)|{'$numberDecimal':'NaN'}",
        "uuid|'8d35e8d4-98b1-4d2f-9c2e-3c6f9dd43c0b'",
        "timestamp|1",
        "bytes|'AA=='",
      })
  void scalarsOfAnotherTypeAreRefused(String type, String value) {
    assertThatThrownBy(
            () -> row(document("\"v\": [1, 2], \"s\": " + value), "field.types", "s:" + type))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("column s: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "string|'a'|a",
        "int64|{'$numberInt':'5'}|5",
        "int64|5.0|5",
        "uuid|{'$uuid':'8d35e8d4-98b1-4d2f-9c2e-3c6f9dd43c0b'}|8d35e8d4-98b1-4d2f-9c2e-3c6f9dd43c0b",
        "any|'a'|a",
        "any|{'$oid':'507f1f77bcf86cd799439011'}|507f1f77bcf86cd799439011",
        "any|'507f1f77bcf86cd799439011'|\"507f1f77bcf86cd799439011\"",
        "any|12|12",
        "any|'12'|\"12\"",
        "any|'\\\"12\\\"'|\"\"12\"\"",
        "any|1.5|{\"v\": {\"$numberDouble\": \"1.5\"}}",
        "any|{'a': 1}|{\"v\": {\"a\": {\"$numberInt\": \"1\"}}}",
      })
  void idsBecomeStableKeys(String type, String id, String key) {
    SourceRecord row =
        apply(
            transform("id.type", type, "full.document.only", "true", "id.column", "key"),
            "{\"_id\": %s, \"v\": [1, 2]}".formatted(id));
    assertThat(String.valueOf(((Struct) row.key()).get("key"))).isEqualTo(key);
    assertThat(row.keySchema().field("key").schema())
        .isEqualTo(type.equals("int64") ? Schema.INT64_SCHEMA : Schema.STRING_SCHEMA);
  }

  @Test
  void anIdOfAnotherTypeIsRefused() {
    assertThatThrownBy(
            () -> apply(transform("full.document.only", "true"), "{\"_id\": 1, \"v\": [1, 2]}"))
        .hasMessageContaining("expected objectid as id.type says, got INT32");
    assertThatThrownBy(() -> apply(transform("full.document.only", "true"), "{\"v\": [1, 2]}"))
        .hasMessageContaining("the document has no _id");
  }

  @Test
  void deletesOfDocumentsAloneNeedTheDocumentsKey() {
    MongoDbDocument<SourceRecord> transform = transform("full.document.only", "true");
    SourceRecord tombstone =
        transform.apply(record("{\"_id\": {\"$oid\": \"%s\"}}".formatted(OBJECT_ID), null));
    assertThat(((Struct) tombstone.key()).getString("_id")).isEqualTo(OBJECT_ID);
    assertThatThrownBy(() -> transform.apply(record("{\"_id\": {\"_data\": \"82\"}}", null)))
        .hasMessageContaining("document.key.as.key");
  }

  @Test
  void aMissingVectorIsAnErrorUnlessTheConfigurationSaysOtherwise() {
    for (String fields : new String[] {"\"x\": 1", "\"v\": null"}) {
      String insert = event("insert", ", \"fullDocument\": " + document(fields));
      assertThatThrownBy(() -> apply(transform(), insert))
          .hasMessageContaining("column v: the document has no vector there");
      assertThat(apply(transform("vector.missing", "skip"), insert)).isNull();
      SourceRecord row = apply(transform("vector.missing", "null"), insert);
      assertThat(((Struct) row.value()).get("v")).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "vector.fields|v",
        "vector.fields|v:0",
        "vector.fields|v:2:double",
        "field.types|s:text",
        "field.types|v:json",
        "field.types|_id:string",
        "fields.mapping|a.b:c",
        "fields.mapping|_id:v",
        "id.type|number",
      })
  void contradictionsInTheConfigurationAreRefused(String key, String value) {
    assertThatThrownBy(() -> transform(key, value)).isInstanceOf(ConfigException.class);
  }

  @Test
  void overlappingPathsAreRefused() {
    assertThatThrownBy(() -> transform("field.types", "a:json,b:string", "fields.mapping", "a.x:b"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("a.x");
  }

  @Test
  void aRefusedRecordOfATopicNamesPartitionAndOffset() {
    MongoDbDocument<SinkRecord> transform = new MongoDbDocument<>();
    transform.configure(Map.of("vector.fields", "v:2"));
    SinkRecord record = new SinkRecord("t", 3, null, null, null, "secret", 42);
    assertThatThrownBy(() -> transform.apply(record))
        .hasMessageContaining("topic t, partition 3, offset 42: the value is no whole BSON or JSON")
        .hasMessageNotContaining("secret");
    SinkRecord struct = new SinkRecord("t", 3, null, null, Schema.INT32_SCHEMA, 1, 43);
    assertThatThrownBy(() -> transform.apply(struct)).hasMessageContaining("output.format.value");
  }

  @Property
  void bytesOfAnyKindAreARowOrAnError(@ForAll byte[] bytes) {
    MongoDbDocument<SourceRecord> transform = transform("full.document.only", "true");
    try {
      transform.apply(record(null, bytes));
    } catch (DataException e) {
      assertThat(e).hasMessageContaining("topic shop.items");
    }
  }

  @Property
  void textOfAnyKindIsARowOrAnError(@ForAll String text) {
    MongoDbDocument<SourceRecord> transform = transform("full.document.only", "true");
    try {
      transform.apply(record(null, "{\"_id\": " + text));
    } catch (DataException e) {
      assertThat(e).hasMessageContaining("topic shop.items");
    }
  }
}
