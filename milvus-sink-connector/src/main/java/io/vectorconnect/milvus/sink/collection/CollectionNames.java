package io.vectorconnect.milvus.sink.collection;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which collection a topic goes to. Milvus takes letters, digits and _ in names, not a digit first,
 * 255 of them at the most.
 */
public final class CollectionNames {
  private static final Logger log = LoggerFactory.getLogger(CollectionNames.class);

  private static final String TOPIC = "${topic}";
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");
  private static final Pattern REFUSED_CHARACTER = Pattern.compile("[^A-Za-z0-9_]");

  private final String format;
  private final Map<String, String> byTopic = new HashMap<>();
  private final Map<String, String> topics = new HashMap<>();

  public CollectionNames(String format) {
    this.format = format;
  }

  /** Whether Milvus takes this as the name of a collection or field. */
  static boolean isAllowed(String name) {
    return ALLOWED.matcher(name).matches();
  }

  /** The one collection of all topics, or null when it depends on the topic. */
  public static String fixed(String format) {
    return format.contains(TOPIC) ? null : format;
  }

  /**
   * The collection of a topic.
   *
   * @throws DataException when there can be none
   */
  public String of(String topic) {
    String known = byTopic.get(topic);
    if (known != null) {
      return known;
    }
    String wanted = format.replace(TOPIC, topic);
    String name = REFUSED_CHARACTER.matcher(wanted).replaceAll("_");
    if (!name.isEmpty() && Character.isDigit(name.charAt(0))) {
      name = "_" + name;
    }
    if (!isAllowed(name)) {
      throw new DataException(
          "topic %s would go to collection %s, whose name is longer than the 255 characters that Milvus takes; change collection.name.format"
              .formatted(topic, name));
    }
    String other = format.contains(TOPIC) ? topics.putIfAbsent(name, topic) : null;
    if (other != null) {
      throw new DataException(
          "topics %s and %s would both go to collection %s, because Milvus takes only letters, digits and _ in names; give each its own collection.name.format, or rename one by a transform"
              .formatted(other, topic, name));
    }
    if (!name.equals(wanted)) {
      log.warn("Topic {} goes to collection {}: Milvus does not take {}", topic, name, wanted);
    }
    byTopic.put(topic, name);
    return name;
  }
}
