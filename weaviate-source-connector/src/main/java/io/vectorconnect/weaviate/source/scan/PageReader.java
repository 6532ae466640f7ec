package io.vectorconnect.weaviate.source.scan;

import io.vectorconnect.source.PageSize;
import io.vectorconnect.source.SourceKeys;
import io.vectorconnect.weaviate.source.client.ObjectView;
import io.vectorconnect.weaviate.source.client.Page;
import io.vectorconnect.weaviate.source.client.Pages;
import io.vectorconnect.weaviate.source.client.Pages.Detail;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.schema.SchemaGuard;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches pages of one scope in fitting sizes, and checks their order. */
public final class PageReader {
  private static final Logger log = LoggerFactory.getLogger(PageReader.class);

  private final Pages pages;
  private final Scope scope;
  private final PageSize size;
  private final SchemaGuard guard;

  public PageReader(Pages pages, Scope scope, PageSize size, SchemaGuard guard) {
    this.pages = pages;
    this.scope = scope;
    this.size = size;
    this.guard = guard;
  }

  /** The number of objects in the next page, at the most. */
  int rows() {
    return size.rows();
  }

  /**
   * The next objects, or none at the end.
   *
   * @throws WeaviateException when the server does not answer
   * @throws ConnectException when the objects are not in the order of their UUIDs, or may have more
   *     than was asked for
   */
  List<? extends ObjectView> after(String after, Detail detail) {
    List<? extends ObjectView> objects = page(after, detail).objects();
    check(after, objects);
    if (detail == Detail.FULL && !objects.isEmpty()) {
      guard.check();
    }
    return objects;
  }

  private Page page(String after, Detail detail) {
    while (true) {
      try {
        Page page = pages.after(scope, after, size.rows(), detail);
        if (detail == Detail.FULL) {
          size.seen(page.objects().size(), page.bytes());
        } else {
          size.arrived();
        }
        return page;
      } catch (WeaviateException e) {
        makeSmaller(e, scope, size, size::halve);
      }
    }
  }

  /**
   * Makes pages smaller after a failure that this may help against.
   *
   * @param halve what to do about an answer that was too large; false if it cannot be smaller
   * @throws WeaviateException the failure, unless a smaller page is to be asked for at once
   */
  static void makeSmaller(WeaviateException e, Scope scope, PageSize size, BooleanSupplier halve) {
    boolean smaller =
        switch (e.kind()) {
          case TOO_LARGE -> halve.getAsBoolean();
          case SLOW -> size.shrink();
          default -> false;
        };
    if (smaller) {
      log.info("Reading {} in pages of {} objects: {}", scope, size.rows(), e.getMessage());
    }
    if (!smaller && e.kind() == Kind.TOO_LARGE) {
      throw e.within(
          "one object alone exceeds the limit of an answer; raise %s, the limit is 8 times that and at least 32 MiB: "
              .formatted(SourceKeys.BATCH_MAX_BYTES));
    }
    if (!smaller || e.kind() == Kind.SLOW) {
      throw e; // tried again after a pause, if at all
    }
  }

  private void check(String after, List<? extends ObjectView> objects) {
    String before = after;
    for (ObjectView object : objects) {
      if (before != null && before.compareTo(object.id()) >= 0) {
        throw new ConnectException(
            "Weaviate returned objects of %s out of the order of their UUIDs; going on could lose some"
                .formatted(scope));
      }
      before = object.id();
    }
  }
}
