package io.vectorconnect.weaviate.source.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vectorconnect.source.PageSize;
import io.vectorconnect.source.range.KeyRange;
import io.vectorconnect.source.range.RangeOffsets;
import io.vectorconnect.source.range.RangePlan;
import io.vectorconnect.weaviate.source.client.Page;
import io.vectorconnect.weaviate.source.client.Pages.Detail;
import io.vectorconnect.weaviate.source.client.WeaviateException;
import io.vectorconnect.weaviate.source.client.WeaviateException.Kind;
import io.vectorconnect.weaviate.source.schema.SchemaGuard;
import io.vectorconnect.weaviate.source.schema.Scope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Failures of the server, which a real one does not give on demand. */
class PageReaderTest {
  private static final Scope SCOPE = new Scope("C", "b");

  private final Deque<Kind> failures = new ArrayDeque<>();
  private final List<Integer> asked = new ArrayList<>();
  private final PageReader reader =
      new PageReader(this::page, SCOPE, new PageSize(80, 1_000_000), guard());

  private static SchemaGuard guard() {
    return new SchemaGuard(null, () -> null); // no page holds objects
  }

  private Page page(Scope scope, String after, int limit, Detail detail) {
    asked.add(limit);
    if (!failures.isEmpty()) {
      throw new WeaviateException(failures.pop(), "status 500");
    }
    return new Page(List.of(), 0);
  }

  private void read(int pages) {
    for (int i = 0; i < pages; i++) {
      reader.after(null, Detail.FULL);
    }
  }

  @Test
  void pagesGrowAgainAfterAnOutage() {
    for (int i = 0; i < 10; i++) {
      failures.add(Kind.SLOW);
      assertThatThrownBy(() -> read(1)).isInstanceOf(WeaviateException.class);
    }
    read(1);
    assertThat(asked).startsWith(80, 40, 20, 10, 5, 2, 1, 1).endsWith(1);
    read(7 * 8);
    assertThat(reader.rows()).isEqualTo(80);
  }

  @Test
  void aBusyServerIsNotAskedForLess() {
    failures.add(Kind.BUSY);
    assertThatThrownBy(() -> read(1)).isInstanceOf(WeaviateException.class);
    assertThat(reader.rows()).isEqualTo(80);
  }

  @Test
  void tooLargeAnswersAreAskedForInSmallerOnesForGood() {
    failures.addAll(List.of(Kind.TOO_LARGE, Kind.TOO_LARGE, Kind.TOO_LARGE));
    read(100);
    assertThat(asked.subList(0, 4)).containsExactly(80, 40, 20, 10);
    assertThat(reader.rows()).isEqualTo(10);
  }

  @Test
  void aFailureNamesCollectionAndTenant() {
    failures.add(Kind.SLOW);
    RangeOffsets stored = RangeOffsets.fresh(SCOPE.unit(), RangePlan.whole());
    ScanOffsets offsets = new ScanOffsets(stored, new KeyRange(0, null, null), "0");
    RangeReader range =
        new RangeReader(
            SCOPE,
            offsets,
            reader,
            new Emitter(null, Map.of(), false),
            Optional.empty(),
            Duration.ZERO,
            new Tenants(null, false));
    assertThatThrownBy(range::next)
        .isInstanceOfSatisfying(
            WeaviateException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SLOW))
        .hasMessage("collection C, tenant b: status 500");
  }
}
