package io.vectorconnect.weaviate.source.client;

import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.List;

/**
 * Changes of a collection with references: found by gRPC, read by REST.
 *
 * @param times finds them
 * @param rest reads them, one by one
 */
public record RestChanges(GrpcPages times, RestPages rest) implements Changes {
  @Override
  public Page updatedSince(Scope scope, long millis, int skip, int limit) {
    return times.updatedSince(scope, millis, skip, limit);
  }

  @Override
  public Page objects(Scope scope, List<String> ids) {
    return rest.objects(scope, ids);
  }
}
