#define _GNU_SOURCE
#include "CApusKernels.h"

#include <sys/mman.h>

// Finds addresses for `byte_count` bytes that begin at a multiple of a huge page's size.
static void *reserve(size_t byte_count) {
  size_t room = byte_count + APUS_HUGE_PAGE_SIZE;
  char *start = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return NULL;
  size_t lead = -(uintptr_t)start % APUS_HUGE_PAGE_SIZE;
  if (lead > 0) munmap(start, lead);
  munmap(start + lead + byte_count, room - lead - byte_count);
  return start + lead;
}

void *apus_map(size_t byte_count) {
  void *place = reserve(byte_count);
  if (!place) return NULL;
  if (mprotect(place, byte_count, PROT_READ | PROT_WRITE) != 0) {
    munmap(place, byte_count);
    return NULL;
  }
  // Only a hint: without huge pages it is slower, not wrong.
  madvise(place, byte_count, MADV_HUGEPAGE);
  return place;
}

void *apus_remap(void *memory, size_t byte_count, size_t new_byte_count) {
  void *place = reserve(new_byte_count);
  if (!place) return NULL;
  // Pages are moved, not copied; the rest of the new place is mapped anew.
  void *moved = mremap(memory, byte_count, new_byte_count, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  if (moved == MAP_FAILED) {
    munmap(place, new_byte_count);
    return NULL;
  }
  return moved;
}

void apus_unmap(void *memory, size_t byte_count) { munmap(memory, byte_count); }
