package io.vectorconnect.it;

import io.vectorconnect.localstack.Component;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Collects the services that the test classes of this run name, before the first one starts. */
public final class PlannedServices implements TestExecutionListener {
  private static final Set<Component> WANTED = EnumSet.of(Component.KAFKA);

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    plan.getRoots().forEach(root -> plan.getDescendants(root).forEach(PlannedServices::add));
  }

  private static synchronized void add(TestIdentifier test) {
    Services services =
        test.getSource()
            .filter(ClassSource.class::isInstance)
            .map(source -> ((ClassSource) source).getJavaClass().getAnnotation(Services.class))
            .orElse(null);
    if (services == null) {
      return;
    }
    WANTED.addAll(Arrays.asList(services.alone()));
    WANTED.addAll(Arrays.asList(services.owned()));
    WANTED.addAll(Arrays.asList(services.shared()));
    if (services.mortalWorker()) {
      WANTED.add(Component.CONNECT);
    }
  }

  /** Everything that some class of this run names, and a broker. */
  static synchronized Set<Component> get() {
    return EnumSet.copyOf(WANTED);
  }
}
