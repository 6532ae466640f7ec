package io.vectorconnect.it;

import io.vectorconnect.localstack.Component;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;

/**
 * The services of the one {@link Stack} that a test class works with. Two classes at most run at
 * the same time: one that works with Milvus, and one that does not.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Stack.class)
@ResourceLock(providers = Services.Locks.class)
@interface Services {
  /** No other class works with them meanwhile: they are killed, or hold what others would see. */
  Component[] alone() default {};

  /**
   * As {@link #alone}, and they have to be the stack's: they are killed, restarted or configured,
   * their log is read, or they have to be of one version. The class is skipped where {@code
   * -Dstack.milvus} names a Milvus that is already running.
   */
  Component[] owned() default {};

  /** Another class may work with them at the same time. */
  Component[] shared() default {};

  /** Whether it works with the worker that may be killed, which it then has for itself. */
  boolean mortalWorker() default false;

  /** What keeps classes apart. */
  final class Locks implements ResourceLocksProvider {
    @Override
    public Set<Lock> provideForClass(Class<?> testClass) {
      Services services = testClass.getAnnotation(Services.class);
      List<Component> alone = new ArrayList<>(Arrays.asList(services.alone()));
      alone.addAll(Arrays.asList(services.owned()));
      Set<Lock> locks = new HashSet<>();
      alone.forEach(component -> locks.add(new Lock(component.name())));
      for (Component component : services.shared()) {
        locks.add(new Lock(component.name(), ResourceAccessMode.READ));
      }
      if (services.mortalWorker()) {
        locks.add(new Lock("mortal worker"));
      }
      // Comes first in the order of the keys: only the class whose turn it is waits for services.
      locks.add(new Lock(alone.contains(Component.MILVUS) ? "1 with Milvus" : "1 without Milvus"));
      return locks;
    }
  }
}
