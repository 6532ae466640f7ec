package io.vectorconnect.debezium;

import io.debezium.bean.StandardBeanNames;
import io.debezium.bean.spi.BeanRegistry;
import io.debezium.bean.spi.BeanRegistryAware;
import io.debezium.config.Configuration;
import io.debezium.processors.spi.PostProcessor;
import io.debezium.processors.spi.PostProcessorFactory;
import io.debezium.relational.Column;
import io.debezium.relational.CustomConverterRegistry;
import io.debezium.relational.TableId;
import io.debezium.service.spi.ServiceRegistry;
import io.debezium.service.spi.ServiceRegistryAware;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;

/**
 * Introduces the connector to its {@link VectorConverter} before anything is read. Debezium gives a
 * converter its own keys only, but gives post-processors everything. It finds this factory by
 * {@code META-INF/services}, so nobody has to configure it; without our converter it does nothing.
 *
 * <p>The converter is reached through the public method that asks every converter for a column: it
 * gets a column with a name of its own, whose default value is the {@link SourceDatabase}. See
 * {@code docs/decisions/0021}.
 */
public final class ConnectorIntroduction implements PostProcessorFactory {
  @Override
  public List<PostProcessor> get() {
    return List.of(new Introducer());
  }

  private static final class Introducer
      implements PostProcessor, BeanRegistryAware, ServiceRegistryAware {
    private BeanRegistry beans;

    @Override
    public void injectBeanRegistry(BeanRegistry registry) {
      beans = registry;
    }

    @Override
    public void injectServiceRegistry(ServiceRegistry services) {
      Configuration config =
          beans.lookupByName(StandardBeanNames.CONFIGURATION, Configuration.class);
      if (config == null || !hasVectorConverter(config)) {
        return;
      }
      Column column =
          Column.editor()
              .name(SourceDatabase.INTRODUCTION)
              .type(SourceDatabase.INTRODUCTION)
              .optional(true)
              .create();
      var unused = // the converter registers nothing for it
          services
              .getService(CustomConverterRegistry.class)
              .registerConverterFor(
                  new TableId(null, null, SourceDatabase.INTRODUCTION),
                  column,
                  PostgresDatabase.of(config, beans));
    }

    private static boolean hasVectorConverter(Configuration config) {
      return Stream.of(config.getString("converters", "").split(","))
          .anyMatch(
              name ->
                  VectorConverter.class.getName().equals(config.getString(name.trim() + ".type")));
    }

    @Override
    public void configure(Map<String, ?> properties) {
      // There are no keys.
    }

    @Override
    public void apply(Object key, Struct value) {
      // Events stay as they are.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
