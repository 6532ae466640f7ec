package io.vectorconnect.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageSizeTest {
  @Test
  void fitsRowsToBytes() {
    PageSize size = new PageSize(16_384, 1_000_000);
    assertThat(size.rows()).isEqualTo(100);
    size.seen(100, 100_000);
    assertThat(size.rows()).isEqualTo(1_000);
    size.seen(1_000, 4_000_000);
    assertThat(size.rows()).isEqualTo(250);
    size.seen(10, 10);
    assertThat(size.rows()).isEqualTo(16_384);
  }

  @Test
  void learnsThatShardsGiveMoreThanAsked() {
    PageSize size = new PageSize(16_384, 1_000_000);
    size.seen(400, 400_000);
    assertThat(size.rows()).isEqualTo(250);
  }

  @Test
  void halvesAndRemembersIt() {
    PageSize size = new PageSize(50, 1_000_000);
    assertThat(size.rows()).isEqualTo(50);
    assertThat(size.halve()).isTrue();
    size.seen(25, 25);
    assertThat(size.rows()).isEqualTo(25);
    PageSize one = new PageSize(1, 1_000_000);
    assertThat(one.halve()).isFalse();
  }

  @Test
  void growsAgainWhenTheServerHasRecovered() {
    PageSize size = new PageSize(16_384, 100_000_000);
    size.seen(100, 100_000);
    assertThat(size.rows()).isEqualTo(16_384);
    for (int i = 0; i < 14; i++) {
      assertThat(size.shrink()).isTrue();
    }
    assertThat(size.rows()).isEqualTo(1);
    assertThat(size.shrink()).isFalse();
    for (int i = 0; i < 14 * 8; i++) {
      size.seen(1, 1_000);
    }
    assertThat(size.rows()).isEqualTo(16_384);
  }

  @Test
  void asksTheMoreRarelyForWhatWasTooMuch() {
    PageSize size = new PageSize(100, 1_000_000);
    assertThat(pagesUntilGrown(size)).isEqualTo(8);
    assertThat(pagesUntilGrown(size)).isEqualTo(16);
    assertThat(pagesUntilGrown(size)).isEqualTo(32);
  }

  private static int pagesUntilGrown(PageSize size) {
    assertThat(size.shrink()).isTrue();
    int pages = 0;
    for (int rows = size.rows(); size.rows() == rows; pages++) {
      size.arrived();
    }
    return pages;
  }

  @Test
  void whatWasTooLargeIsNotAskedForAgain() {
    PageSize size = new PageSize(100, 1_000_000);
    size.halve();
    size.shrink();
    for (int i = 0; i < 100; i++) {
      size.seen(10, 10);
    }
    assertThat(size.rows()).isEqualTo(50);
  }
}
