// utf8proc, which knows Unicode's normal forms, loaded when the first text is brought into one.
#include <dlfcn.h>
#include <stdlib.h>
#include <utf8proc.h>

struct apus_utf8proc {
  void *map;
};

// Loads the library; false if it, or the function of it, is not there. It is never unloaded.
static inline _Bool apus_utf8proc_load(struct apus_utf8proc *library) {
  void *handle = dlopen("libutf8proc.so.2", RTLD_NOW | RTLD_LOCAL);
  return handle && (library->map = dlsym(handle, "utf8proc_map"));
}

// Brings UTF-8 into a normal form: gives its length, with `*output` to be freed, or a negative number
// for bytes that are not UTF-8 or where memory ends.
static inline ssize_t apus_utf8proc_normalize(
    const struct apus_utf8proc *library, const void *bytes, ssize_t count, _Bool composes,
    _Bool is_compatible, unsigned char **output) {
  int options = UTF8PROC_STABLE | (composes ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE)
      | (is_compatible ? UTF8PROC_COMPAT : 0);
  return ((__typeof__(utf8proc_map) *)library->map)(
      (const utf8proc_uint8_t *)bytes, count, output, (utf8proc_option_t)options);
}
