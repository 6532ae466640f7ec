package io.vectorconnect.oceanbase.sink;

import io.vectorconnect.sql.sink.SqlSession;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the user may do, as SHOW GRANTS tells. */
final class Grants {
  private static final Pattern GRANT =
      Pattern.compile("GRANT (.+?) ON (\\*|`(?:[^`]|``)+`)\\.(\\*|`(?:[^`]|``)+`) TO .*");

  private record Grant(String privileges, String database, String table) {
    boolean covers(String privilege, String wantedDatabase, String wantedTable) {
      return (database.equals("*")
              || database.equalsIgnoreCase(OceanBaseDialect.NAMES.quote(wantedDatabase)))
          && (table.equals("*")
              || table.equalsIgnoreCase(OceanBaseDialect.NAMES.quote(wantedTable)))
          && (privileges.startsWith("ALL PRIVILEGES")
              || List.of(privileges.replaceAll("\\([^)]*\\)", "").split(" *, *"))
                  .contains(privilege));
    }
  }

  private final List<Grant> grants = new ArrayList<>();

  private Grants(List<String> lines) {
    for (String line : lines) {
      Matcher grant = GRANT.matcher(line);
      if (grant.matches()) {
        grants.add(
            new Grant(grant.group(1).toUpperCase(Locale.ROOT), grant.group(2), grant.group(3)));
      }
    }
  }

  static Grants of(SqlSession session) throws SQLException {
    return new Grants(session.query("SHOW GRANTS", row -> row.getString(1)));
  }

  /** The first of the privileges that the user has not on a table, or empty. */
  String missing(List<String> privileges, String database, String table) {
    return privileges.stream()
        .filter(
            privilege ->
                grants.stream().noneMatch(grant -> grant.covers(privilege, database, table)))
        .findFirst()
        .orElse("");
  }
}
