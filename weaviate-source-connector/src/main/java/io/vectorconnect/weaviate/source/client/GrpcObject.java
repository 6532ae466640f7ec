package io.vectorconnect.weaviate.source.client;

import com.google.protobuf.ByteString;
import io.vectorconnect.weaviate.proto.SearchResult;
import io.vectorconnect.weaviate.proto.Value;
import io.vectorconnect.weaviate.proto.Vectors;
import io.vectorconnect.weaviate.source.schema.Property;
import io.vectorconnect.weaviate.source.schema.VectorSpace;

/** An object as gRPC sends it. */
record GrpcObject(SearchResult result) implements ObjectView {

  @Override
  public String id() {
    return result.getMetadata().getId();
  }

  @Override
  public long created() {
    return result.getMetadata().getCreationTimeUnix();
  }

  @Override
  public long updated() {
    return result.getMetadata().getLastUpdateTimeUnix();
  }

  @Override
  public Object property(Property property) {
    Value value = result.getProperties().getNonRefProps().getFieldsMap().get(property.name());
    return value == null ? null : GrpcValues.toConnect(property, value);
  }

  @Override
  public byte[] vector(VectorSpace space) {
    return bytes(space);
  }

  @Override
  public byte[] vectors(VectorSpace space) {
    return bytes(space);
  }

  private byte[] bytes(VectorSpace space) {
    ByteString bytes = ByteString.EMPTY;
    if (space.name().isEmpty()) {
      bytes = result.getMetadata().getVectorBytes();
    } else {
      for (Vectors vectors : result.getMetadata().getVectorsList()) {
        if (vectors.getName().equals(space.name())) {
          bytes = vectors.getVectorBytes();
        }
      }
    }
    return bytes.isEmpty() ? null : bytes.toByteArray();
  }
}
