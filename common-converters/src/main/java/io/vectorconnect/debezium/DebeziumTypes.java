package io.vectorconnect.debezium;

import java.util.Set;

/**
 * The types that Debezium's PostgreSQL connector sends, by {@code pg_type.typname} (Debezium 3.7,
 * ReplicationMessageColumnValueResolver and PostgresValueConverter).
 */
final class DebeziumTypes {
  /** Of columns. */
  static final Set<String> SCALARS =
      Set.of(
          "bool",
          "int2",
          "int4",
          "int8",
          "oid",
          "float4",
          "float8",
          "numeric",
          "money",
          "char",
          "varchar",
          "bpchar",
          "text",
          "citext",
          "date",
          "time",
          "timetz",
          "timestamp",
          "timestamptz",
          "interval",
          "bytea",
          "bit",
          "varbit",
          "json",
          "jsonb",
          "xml",
          "uuid",
          "hstore",
          "ltree",
          "isbn",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "int4range",
          "int8range",
          "numrange",
          "daterange",
          "tsrange",
          "tstzrange",
          "tsvector",
          "point",
          "box",
          "circle",
          "line",
          "lseg",
          "path",
          "polygon",
          "geometry",
          "geography",
          "vector",
          "halfvec",
          "sparsevec");

  /**
   * Of arrays' elements. Left out, because Debezium does not send them or sends other values:
   * interval, money, name, xml, point, bit, varbit, timetz (in UTC), vectors, domains, composites.
   */
  static final Set<String> ELEMENTS =
      Set.of(
          "bool",
          "int2",
          "int4",
          "int8",
          "oid",
          "float4",
          "float8",
          "numeric",
          "char",
          "varchar",
          "bpchar",
          "text",
          "citext",
          "date",
          "time",
          "timestamp",
          "timestamptz",
          "bytea",
          "json",
          "jsonb",
          "uuid",
          "hstore",
          "ltree",
          "inet",
          "cidr",
          "macaddr",
          "macaddr8",
          "int4range",
          "int8range",
          "numrange",
          "daterange",
          "tsrange",
          "tstzrange",
          "geometry",
          "geography");

  private DebeziumTypes() {}
}
