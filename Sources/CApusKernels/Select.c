#include "CApusKernels.h"

#include <string.h>

static size_t select_portably(
    const uint8_t *values, const uint8_t *validity, size_t start, size_t count, int32_t *output) {
  size_t kept = 0;
  for (size_t row = start; row < count; row++) {
    output[kept] = (int32_t)row;
    kept += values[row] & (validity ? validity[row] : 1);
  }
  return kept;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f,avx512bw"))) static size_t select_avx512(
    const uint8_t *values, const uint8_t *validity, size_t count, int32_t *output) {
  const __m512i step = _mm512_set1_epi32(16);
  __m512i rows = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  size_t kept = 0;
  size_t row = 0;
  for (; row + 64 <= count; row += 64) {
    __m512i bytes = _mm512_loadu_si512(values + row);
    if (validity) bytes = _mm512_and_si512(bytes, _mm512_loadu_si512(validity + row));
    uint64_t mask = _mm512_test_epi8_mask(bytes, bytes);
    for (int part = 0; part < 4; part++) {
      __mmask16 chosen = (__mmask16)(mask >> (16 * part));
      // Compressing in a register and storing all of it is faster than a compressing store.
      _mm512_storeu_si512(output + kept, _mm512_maskz_compress_epi32(chosen, rows));
      kept += (size_t)__builtin_popcount(chosen);
      rows = _mm512_add_epi32(rows, step);
    }
  }
  return kept + select_portably(values, validity, row, count, output + kept);
}

// A byte of 1 times 255 is a byte of ones: the mask that picks the positions of a group of eight.
__attribute__((target("avx2,bmi2,popcnt"))) static size_t select_avx2(
    const uint8_t *values, const uint8_t *validity, size_t count, int32_t *output) {
  size_t kept = 0;
  size_t row = 0;
  for (; row + 8 <= count; row += 8) {
    uint64_t bytes, others;
    memcpy(&bytes, values + row, 8);
    if (validity) {
      memcpy(&others, validity + row, 8);
      bytes &= others;
    }
    uint64_t places = _pext_u64(UINT64_C(0x0706050403020100), bytes * 255);
    __m256i rows = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)places));
    rows = _mm256_add_epi32(rows, _mm256_set1_epi32((int)row));
    _mm256_storeu_si256((__m256i *)(output + kept), rows);
    kept += (size_t)__builtin_popcountll(bytes);
  }
  return kept + select_portably(values, validity, row, count, output + kept);
}
#endif

size_t apus_select_by(
    int instructions, const uint8_t *values, const uint8_t *validity, size_t count,
    int32_t *output) {
#if defined(__x86_64__)
  if (instructions >= APUS_AVX512) return select_avx512(values, validity, count, output);
  if (instructions >= APUS_AVX2) return select_avx2(values, validity, count, output);
#endif
  return select_portably(values, validity, 0, count, output);
}

size_t apus_select(const uint8_t *values, const uint8_t *validity, size_t count, int32_t *output) {
  return apus_select_by(apus_instructions(), values, validity, count, output);
}
