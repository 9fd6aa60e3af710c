#define _GNU_SOURCE
#include "CApusKernels.h"

#include <fcntl.h>

int apus_punch_hole(int descriptor, int64_t offset, int64_t byte_count) {
  return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, byte_count);
}
