// libstemmer, the stemmers of the Snowball project, loaded when the first word is stemmed.
#include <dlfcn.h>
#include <libstemmer.h>
#include <stddef.h>

struct apus_stemmer_library {
  void *create;
  void *destroy;
  void *stem;
  void *length;
};

// Loads the library; false if it, or a function of it, is not there. It is never unloaded.
static inline _Bool apus_stemmer_load(struct apus_stemmer_library *library) {
  void *handle = dlopen("libstemmer.so.0d", RTLD_NOW | RTLD_LOCAL);
  if (!handle) return 0;
  return (library->create = dlsym(handle, "sb_stemmer_new"))
      && (library->destroy = dlsym(handle, "sb_stemmer_delete"))
      && (library->stem = dlsym(handle, "sb_stemmer_stem"))
      && (library->length = dlsym(handle, "sb_stemmer_length"));
}

// A stemmer of UTF-8 for an algorithm; null if there is none of the name.
static inline void *apus_stemmer_create(
    const struct apus_stemmer_library *library, const char *algorithm) {
  return ((__typeof__(sb_stemmer_new) *)library->create)(algorithm, NULL);
}

static inline void apus_stemmer_destroy(const struct apus_stemmer_library *library, void *stemmer) {
  ((__typeof__(sb_stemmer_delete) *)library->destroy)((struct sb_stemmer *)stemmer);
}

// The stem of a word, which the stemmer keeps until the next one; null where memory ends.
static inline const unsigned char *apus_stemmer_stem(
    const struct apus_stemmer_library *library, void *stemmer, const void *word, int count,
    int *length) {
  const sb_symbol *stem = ((__typeof__(sb_stemmer_stem) *)library->stem)(
      (struct sb_stemmer *)stemmer, (const sb_symbol *)word, count);
  *length = ((__typeof__(sb_stemmer_length) *)library->length)((struct sb_stemmer *)stemmer);
  return stem;
}
