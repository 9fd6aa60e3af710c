#include "CApusKernels.h"

#include <string.h>

// Eight values of width w take exactly w bytes, so every group of eight starts at a byte. Value i of
// a group begins at bit i·w, in byte i·w/8.

static uint64_t load(const uint8_t *source) {
  uint64_t word;
  memcpy(&word, source, sizeof word);
  return word;
}

static inline __attribute__((always_inline)) void unpack_constant(
    const uint8_t *source, size_t groups, const int width, uint32_t *output) {
  const uint64_t mask = (UINT64_C(1) << width) - 1;
  for (size_t group = 0; group < groups; group++) {
    for (int value = 0; value < 8; value++) {
      int bit = value * width;
      output[value] = (uint32_t)(load(source + bit / 8) >> (bit % 8) & mask);
    }
    source += width;
    output += 8;
  }
}

// One loop for each width, so that every value's place, shift and mask are constants.
static void unpack_portably(const uint8_t *source, size_t groups, int width, uint32_t *output) {
#define APUS_WIDTH(w) \
  case w: unpack_constant(source, groups, w, output); return;
#define APUS_WIDTHS(w) APUS_WIDTH(w) APUS_WIDTH(w + 1) APUS_WIDTH(w + 2) APUS_WIDTH(w + 3)
  switch (width) {
    APUS_WIDTHS(1) APUS_WIDTHS(5) APUS_WIDTHS(9) APUS_WIDTHS(13)
    APUS_WIDTHS(17) APUS_WIDTHS(21) APUS_WIDTHS(25) APUS_WIDTHS(29)
  }
#undef APUS_WIDTHS
#undef APUS_WIDTH
}

#if defined(__x86_64__)
#include <immintrin.h>

// Up to 25 bits, a value and what precedes it in its first byte fit four bytes: each lane gets its
// four bytes by a shuffle, then its own shift, then the mask.
__attribute__((target("avx2"))) static void unpack_avx2(
    const uint8_t *source, size_t groups, int width, uint32_t *output) {
  // The lower four values begin in the first bytes, the upper four at `middle`.
  const int middle = 4 * width / 8;
  uint8_t bytes[32];
  uint32_t shifts[8];
  for (int value = 0; value < 8; value++) {
    int bit = value * width;
    int start = bit / 8 - (value < 4 ? 0 : middle);
    for (int byte = 0; byte < 4; byte++) bytes[value * 4 + byte] = (uint8_t)(start + byte);
    shifts[value] = (uint32_t)(bit % 8);
  }
  const __m256i shuffle = _mm256_loadu_si256((const __m256i *)bytes);
  const __m256i shift = _mm256_loadu_si256((const __m256i *)shifts);
  const __m256i mask = _mm256_set1_epi32((int)((UINT64_C(1) << width) - 1));
  for (size_t group = 0; group < groups; group++) {
    __m128i low = _mm_loadu_si128((const __m128i *)source);
    __m128i high = _mm_loadu_si128((const __m128i *)(source + middle));
    __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
    __m256i lanes = _mm256_srlv_epi32(_mm256_shuffle_epi8(both, shuffle), shift);
    _mm256_storeu_si256((__m256i *)output, _mm256_and_si256(lanes, mask));
    source += width;
    output += 8;
  }
}
#endif

void apus_unpack_groups_by(
    int instructions, const uint8_t *source, size_t groups, int width, uint32_t *output) {
#if defined(__x86_64__)
  // Short runs are through before the tables are made.
  if (width <= 25 && groups >= 4 && instructions >= APUS_AVX2) {
    unpack_avx2(source, groups, width, output);
    return;
  }
#endif
  unpack_portably(source, groups, width, output);
}

void apus_unpack_groups(const uint8_t *source, size_t groups, int width, uint32_t *output) {
  apus_unpack_groups_by(apus_instructions(), source, groups, width, output);
}
