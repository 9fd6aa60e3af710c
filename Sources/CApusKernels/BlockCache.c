#include "CApusKernels.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

// Batches come and go by the thousand, and with them blocks of the same few sizes. The C library
// answers each such request with a search and gives the pages of large blocks back to the system, to
// be zeroed and mapped again a moment later. So each thread keeps what was freed on it, within a
// bound, in one list for each power of two.

enum {
  SMALLEST_SHIFT = 10,
  LARGEST_SHIFT = 22,
  CLASS_COUNT = LARGEST_SHIFT - SMALLEST_SHIFT + 1,
  // Bytes that a thread keeps at most.
  GREATEST_BYTE_COUNT = 16 << 20,
};

struct block {
  struct block *next;
};

struct cache {
  struct block *free[CLASS_COUNT];
  size_t byte_count;
  // Whether the thread's end will empty it.
  bool is_registered;
};

static _Thread_local struct cache cache;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool has_key;

static void empty(void *unused) {
  (void)unused;
  for (int class = 0; class < CLASS_COUNT; class++) {
    while (cache.free[class]) {
      struct block *block = cache.free[class];
      cache.free[class] = block->next;
      free(block);
    }
  }
  cache.byte_count = 0;
  cache.is_registered = false;
}

static void make_key(void) { has_key = pthread_key_create(&key, empty) == 0; }

// The list for blocks of a size; negative for sizes that are not kept.
static int class_of(size_t byte_count) {
  // Sanitizers are to see every block that is used after it was freed.
#if defined(__SANITIZE_ADDRESS__)
  return -1;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
  return -1;
#endif
#endif
  if (byte_count > (size_t)1 << LARGEST_SHIFT || byte_count < (size_t)1 << (SMALLEST_SHIFT - 1)) {
    return -1;
  }
  int class = 64 - SMALLEST_SHIFT - __builtin_clzll(byte_count - 1);
  return class < 0 ? 0 : class;
}

static size_t size_of(int class) { return (size_t)1 << (class + SMALLEST_SHIFT); }

void *apus_block_allocate(size_t byte_count) {
  int class = class_of(byte_count);
  if (class < 0) return aligned_alloc(64, (byte_count + 63) / 64 * 64);
  struct block *block = cache.free[class];
  if (!block) return aligned_alloc(64, size_of(class));
  cache.free[class] = block->next;
  cache.byte_count -= size_of(class);
  return block;
}

void apus_block_free(void *memory, size_t byte_count) {
  int class = class_of(byte_count);
  if (class < 0 || cache.byte_count + size_of(class) > GREATEST_BYTE_COUNT) {
    free(memory);
    return;
  }
  if (!cache.is_registered) {
    pthread_once(&once, make_key);
    if (!has_key || pthread_setspecific(key, &cache) != 0) {
      free(memory);
      return;
    }
    cache.is_registered = true;
  }
  struct block *block = memory;
  block->next = cache.free[class];
  cache.free[class] = block;
  cache.byte_count += size_of(class);
}
