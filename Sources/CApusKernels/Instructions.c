#include "CApusKernels.h"

int apus_instructions(void) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) return APUS_PORTABLE;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw")) return APUS_AVX2;
  return APUS_AVX512;
#else
  return APUS_PORTABLE;
#endif
}
