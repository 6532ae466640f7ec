package io.vectorconnect.config;

import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Accepts a host for a URL that is built of parts: nothing in it may end the host's part. */
public final class HostValidator implements ConfigDef.Validator {
  private static final Pattern HOST = Pattern.compile("[\\w.:-]+");

  @Override
  public void ensureValid(String key, Object value) {
    if (value == null || !HOST.matcher(value.toString()).matches()) {
      throw new ConfigException(key, value, "must be a " + this);
    }
  }

  @Override
  public String toString() {
    return "host name or address";
  }
}
