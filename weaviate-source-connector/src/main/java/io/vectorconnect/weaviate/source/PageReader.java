package io.vectorconnect.weaviate.source;

import io.vectorconnect.source.PageSize;
import io.vectorconnect.weaviate.source.Pages.Detail;
import io.vectorconnect.weaviate.source.WeaviateException.Kind;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches pages of one scope in fitting sizes, and checks their order. */
final class PageReader {
  private static final Logger log = LoggerFactory.getLogger(PageReader.class);

  private final Pages pages;
  private final Scope scope;
  private final PageSize size;

  PageReader(Pages pages, Scope scope, PageSize size) {
    this.pages = pages;
    this.scope = scope;
    this.size = size;
  }

  /** The number of objects in the next page, at the most. */
  int rows() {
    return size.rows();
  }

  /**
   * The next objects, or none at the end.
   *
   * @throws WeaviateException when the server does not answer
   * @throws ConnectException when the objects are not in the order of their UUIDs
   */
  List<? extends ObjectView> after(String after, Detail detail) {
    while (true) {
      try {
        Page page = pages.after(scope, after, size.rows(), detail);
        if (detail == Detail.FULL) {
          size.seen(page.objects().size(), page.bytes());
        }
        check(after, page.objects());
        return page.objects();
      } catch (WeaviateException e) {
        boolean large = e.kind() == Kind.TOO_LARGE;
        if ((!large && e.kind() != Kind.SLOW) || !size.halve()) {
          throw e;
        }
        log.info("Reading {} in pages of {} objects: {}", scope, size.rows(), e.getMessage());
        if (!large) {
          throw e; // after a pause
        }
      }
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
