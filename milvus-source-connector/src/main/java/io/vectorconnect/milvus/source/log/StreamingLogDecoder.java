package io.vectorconnect.milvus.source.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.vectorconnect.milvus.source.log.LogMessage.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Reads messages as the streaming service of Milvus 2.6 and later writes them (Milvus's
 * pkg/streaming/util/message and messages.proto): headers of ASCII text beside a protobuf body.
 *
 * <p>The headers that matter here: {@code _v} version, {@code _t} type, {@code _tt} time tick in
 * base 36, {@code _vc} shard, {@code _h} the type's own header in Base64, {@code _tx} transaction
 * in Base64, {@code _ch} says that the body is encrypted, {@code _lc} or {@code _lcs} where to
 * restart. A replicated message keeps the other cluster's shard in its body, so only {@code _vc}
 * counts.
 */
final class StreamingLogDecoder {
  /** The header that distinguishes this form from the older one, which has none. */
  static final String VERSION = "_v";

  /** Says that a message is its own last confirmed one. */
  static final String SELF = "_lcs";

  static final String LAST_CONFIRMED = "_lc";

  private static final String TYPE = "_t";
  private static final String HEADER = "_h";
  private static final String TIME_TICK = "_tt";
  private static final String SHARD = "_vc";
  private static final String TRANSACTION = "_tx";
  private static final String CIPHER = "_ch";

  /** Ends the name of a channel that belongs to the cluster and not to a collection. */
  private static final String CONTROL_CHANNEL = "_vcchan";

  private static final int BASE = 36;

  /** 1: the body is a message of msg.proto; 2: of messages.proto. */
  private static final Set<String> VERSIONS = Set.of("1", "2");

  private static final int TICK = 1;
  private static final int IMPORT = 11;
  private static final int SCHEMA_CHANGE = 12;
  private static final int ALTER_COLLECTION = 13;
  private static final int TRUNCATE_COLLECTION = 38;
  private static final int ALTER_WAL = 700;
  private static final int ASSEMBLED_TRANSACTION = 999;

  /** Fields of {@code AlterCollectionMessageHeader}: the mask of what is altered, and its paths. */
  private static final int MASK = 3;

  private static final int PATHS = 1;

  private final LogPlace place;
  private final Map<String, String> headers;
  private final ByteString body;
  private final String type;

  private StreamingLogDecoder(LogPlace place, Map<String, String> headers, ByteString body) {
    this.place = place;
    this.headers = headers;
    this.body = body;
    this.type = headers.getOrDefault(TYPE, "");
  }

  /**
   * Reads a message's headers.
   *
   * @throws ConnectException when one that every message has is missing or malformed
   */
  static LogMessage decode(LogPlace place, Map<String, String> headers, ByteString body) {
    StreamingLogDecoder decoder = new StreamingLogDecoder(place, headers, body);
    try {
      return decoder.message();
    } catch (IOException e) {
      throw LogMessage.unreadable(place, decoder.type, e);
    } catch (IllegalArgumentException e) { // a number or Base64
      throw LogMessage.refused(place, decoder.type, "its headers are malformed: " + e.getMessage());
    }
  }

  private LogMessage message() throws IOException {
    int number = Integer.parseInt(type);
    String shard = headers.getOrDefault(SHARD, "");
    String problem = problem(number);
    if (number == TICK && !problem.isEmpty()) {
      throw LogMessage.refused(place, type, problem); // nothing can be put in order without ticks
    }
    Kind kind = problem.isEmpty() ? kind(number) : Kind.UNREADABLE;
    boolean ends = number == ALTER_WAL;
    if (shard.endsWith(CONTROL_CHANNEL) && !ends) {
      kind = Kind.NOTHING; // the copy for the cluster; a collection's shards have their own
    }
    return new LogMessage(
        place,
        kind,
        type,
        Long.parseUnsignedLong(headers.getOrDefault(TIME_TICK, ""), BASE),
        ends || shard.isEmpty() ? LogMessage.EVERY_SHARD : shard,
        0,
        headers.containsKey(TRANSACTION)
            ? Optional.of(LogTransaction.parse(decoded(TRANSACTION)))
            : Optional.empty(),
        kind == Kind.SCHEMA ? schema(number) : body,
        lastConfirmed(),
        problem);
  }

  private Kind kind(int number) throws IOException {
    return switch (number) {
      case TICK -> Kind.TICK;
      case 2 -> Kind.INSERT;
      case 3 -> Kind.DELETE;
      case 6 -> Kind.DROP_COLLECTION;
      case 8 -> Kind.DROP_PARTITION;
      case IMPORT -> Kind.IMPORT;
      case SCHEMA_CHANGE -> Kind.SCHEMA;
      case ALTER_COLLECTION -> altersSchema() ? Kind.SCHEMA : Kind.NOTHING;
      case TRUNCATE_COLLECTION -> Kind.TRUNCATE;
      case ALTER_WAL -> Kind.END;
      case 900 -> Kind.BEGIN;
      case 901 -> Kind.COMMIT;
      case 902 -> Kind.ROLLBACK;
      default -> isHarmless(number) ? Kind.NOTHING : Kind.UNREADABLE;
    };
  }

  /**
   * Types that change no rows of a collection: flushes, segments, the creation of collections and
   * partitions, load states, databases, aliases, users, roles, resource groups, indexes,
   * replication.
   */
  private static boolean isHarmless(int number) {
    return number == 4
        || number == 5
        || number == 7
        || number == 9
        || number == 10
        || (number >= 14 && number <= 37)
        || number == 800;
  }

  private String problem(int number) throws IOException {
    if (!VERSIONS.contains(headers.get(VERSION))) {
      return "it has version %s, and this connector reads versions 1 and 2; use a newer connector"
          .formatted(headers.get(VERSION));
    }
    if (headers.containsKey(CIPHER)) {
      return "it is encrypted, and only Milvus has the key; use poll.strategy=reconcile or timestamp_field for the collection";
    }
    if (number == ASSEMBLED_TRANSACTION) {
      return "this Milvus delivers a transaction without its rows (its issue 50573); upgrade Milvus, or use poll.strategy=reconcile";
    }
    return kind(number) == Kind.UNREADABLE
        ? "this connector does not know messages of this type, which may change rows; use a newer connector"
        : "";
  }

  private boolean altersSchema() throws IOException {
    for (ByteString mask : fields(ByteString.copyFrom(decoded(HEADER)), MASK)) {
      for (ByteString path : fields(mask, PATHS)) {
        if (path.toStringUtf8().equals("schema")) {
          return true;
        }
      }
    }
    return false;
  }

  /** SchemaChange has the schema as field 1; AlterCollection has it as field 5 of its field 1. */
  private ByteString schema(int number) throws IOException {
    ByteString first = last(body, 1);
    return number == SCHEMA_CHANGE ? first : last(first, 5);
  }

  private static ByteString last(ByteString message, int field) throws IOException {
    List<ByteString> found = fields(message, field);
    if (found.isEmpty()) {
      throw new IOException("it has no field " + field);
    }
    return found.get(found.size() - 1);
  }

  /** The values of one field that holds messages or strings. */
  private static List<ByteString> fields(ByteString message, int field) throws IOException {
    List<ByteString> values = new ArrayList<>();
    CodedInputStream input = message.newCodedInput();
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (tag == WireFormat.WIRETYPE_LENGTH_DELIMITED + (field << 3)) {
        values.add(input.readBytes());
      } else {
        input.skipField(tag);
      }
    }
    return values;
  }

  private byte[] decoded(String header) {
    return Base64.getDecoder().decode(headers.getOrDefault(header, ""));
  }

  private Optional<String> lastConfirmed() {
    return headers.containsKey(SELF)
        ? Optional.of(place.from())
        : Optional.ofNullable(headers.get(LAST_CONFIRMED));
  }
}
