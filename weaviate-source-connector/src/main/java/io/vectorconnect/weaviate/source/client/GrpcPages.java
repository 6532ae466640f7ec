package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.weaviate.proto.FilterTarget;
import io.vectorconnect.weaviate.proto.Filters;
import io.vectorconnect.weaviate.proto.MetadataRequest;
import io.vectorconnect.weaviate.proto.ObjectPropertiesRequest;
import io.vectorconnect.weaviate.proto.PropertiesRequest;
import io.vectorconnect.weaviate.proto.SearchReply;
import io.vectorconnect.weaviate.proto.SearchRequest;
import io.vectorconnect.weaviate.proto.SortBy;
import io.vectorconnect.weaviate.proto.TextValues;
import io.vectorconnect.weaviate.source.schema.Collection;
import io.vectorconnect.weaviate.source.schema.Property;
import io.vectorconnect.weaviate.source.schema.PropertyType;
import io.vectorconnect.weaviate.source.schema.Scope;
import io.vectorconnect.weaviate.source.schema.VectorSpace;
import java.time.Instant;
import java.util.List;

/** Objects of one collection by gRPC, without their references. */
public final class GrpcPages implements Pages, Changes {
  private static final String UPDATE_TIME = "_lastUpdateTimeUnix";
  private static final String ID = "_id";
  private static final int STRIDE = 16;

  // weaviate.v1.Filters.Operator
  private static final int GREATER_THAN_EQUAL = 4;
  private static final int CONTAINS_ANY = 12;

  private final GrpcClient client;
  private final SearchRequest full;
  private final SearchRequest ids;

  public GrpcPages(GrpcClient client, Collection collection) {
    this.client = client;
    SearchRequest base =
        SearchRequest.newBuilder()
            .setCollection(collection.name())
            .setUses127Api(true)
            .setProperties(PropertiesRequest.getDefaultInstance())
            .setMetadata(MetadataRequest.newBuilder().setUuid(true).setLastUpdateTimeUnix(true))
            .build();
    ids = base;
    full =
        base.toBuilder()
            .setProperties(properties(collection.properties()))
            .setMetadata(metadata(base.getMetadata(), collection.vectors()))
            .build();
  }

  private static MetadataRequest metadata(MetadataRequest base, List<VectorSpace> vectors) {
    MetadataRequest.Builder builder = base.toBuilder().setCreationTimeUnix(true);
    for (VectorSpace space : vectors) {
      if (space.name().isEmpty()) {
        builder.setVector(true);
      } else {
        builder.addVectors(space.name());
      }
    }
    return builder.build();
  }

  private static PropertiesRequest properties(List<Property> properties) {
    PropertiesRequest.Builder builder = PropertiesRequest.newBuilder();
    for (Property property : properties) {
      if (property.type() == PropertyType.OBJECT) {
        builder.addObjectProperties(object(property));
      } else if (property.type() != PropertyType.REFERENCE) {
        builder.addNonRefProperties(property.name());
      }
    }
    return builder.build();
  }

  private static ObjectPropertiesRequest object(Property property) {
    ObjectPropertiesRequest.Builder builder =
        ObjectPropertiesRequest.newBuilder().setPropName(property.name());
    for (Property nested : property.nested()) {
      if (nested.type() == PropertyType.OBJECT) {
        builder.addObjectProperties(object(nested));
      } else {
        builder.addPrimitiveProperties(nested.name());
      }
    }
    return builder.build();
  }

  @Override
  public Page after(Scope scope, String after, int limit, Detail detail) {
    return page(
        (detail == Detail.FULL ? full : ids)
            .toBuilder()
                .setTenant(scope.tenant())
                .setLimit(limit)
                .setAfter(after == null ? "" : after)
                .build());
  }

  @Override
  public Page updatedSince(Scope scope, long millis, int skip, int limit) {
    return page(
        ids.toBuilder()
            .setTenant(scope.tenant())
            .setLimit(limit)
            .setOffset(skip)
            .addSortBy(SortBy.newBuilder().setAscending(true).addPath(UPDATE_TIME))
            .addSortBy(SortBy.newBuilder().setAscending(true).addPath(ID))
            .setFilters(
                Filters.newBuilder()
                    .setOperator(GREATER_THAN_EQUAL)
                    .setValueText(Instant.ofEpochMilli(millis).toString())
                    .setTarget(FilterTarget.newBuilder().setProperty(UPDATE_TIME)))
            .build());
  }

  @Override
  public Page objects(Scope scope, List<String> wanted) {
    return page(
        full.toBuilder()
            .setTenant(scope.tenant())
            .setLimit(wanted.size())
            .setFilters(
                Filters.newBuilder()
                    .setOperator(CONTAINS_ANY)
                    .setValueTextArray(TextValues.newBuilder().addAllValues(wanted))
                    .setTarget(FilterTarget.newBuilder().setProperty(ID)))
            .build());
  }

  private Page page(SearchRequest request) {
    SearchReply reply = client.search(request);
    return new Page(reply.getResultsList().stream().map(GrpcObject::new).toList(), bytes(reply));
  }

  /** About how large an answer is; measuring every object takes as long as parsing it. */
  private static int bytes(SearchReply reply) {
    int count = reply.getResultsCount();
    long measured = 0;
    int sample = 0;
    for (int i = 0; i < count; i += STRIDE) {
      measured += reply.getResults(i).getSerializedSize();
      sample++;
    }
    return count == 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, measured * count / sample);
  }
}
