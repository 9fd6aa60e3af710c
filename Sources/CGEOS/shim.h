// GEOS, which knows how shapes lie to each other and makes new ones of them, loaded when the first
// function needs it.
#include <dlfcn.h>
#include <geos_c.h>
#include <stddef.h>
#include <string.h>

// Every function that is called, by its name without GEOS and _r.
#define APUS_GEOS_FUNCTIONS(_) \
  _(_init) _(_finish) _(Context_setErrorMessageHandler) _(Free) _(Geom_destroy) \
  _(WKBReader_create) _(WKBReader_destroy) _(WKBReader_read) \
  _(WKBWriter_create) _(WKBWriter_destroy) _(WKBWriter_write) \
  _(Geom_createPointFromXY) _(Prepare) _(PreparedGeom_destroy) \
  _(Contains) _(Crosses) _(Disjoint) _(Equals) _(Intersects) _(Overlaps) _(Touches) _(Within) \
  _(PreparedContains) _(PreparedCrosses) _(PreparedDisjoint) _(PreparedIntersects) \
  _(PreparedOverlaps) _(PreparedTouches) _(PreparedWithin) \
  _(RelatePattern) _(isSimple) _(isValid) _(isValidDetail) \
  _(Geom_getXMin) _(Geom_getYMin) \
  _(Distance) _(PreparedDistance) _(NearestPoints) _(CoordSeq_getXY) _(CoordSeq_destroy) \
  _(Intersection) _(Difference) _(SymDifference) _(Union) _(UnaryUnion) _(ConvexHull) \
  _(MakeValid) _(Buffer) _(TopologyPreserveSimplify) _(LineMerge)

enum apus_geos_function {
#define APUS_GEOS_CASE(name) APUS_GEOS##name,
  APUS_GEOS_FUNCTIONS(APUS_GEOS_CASE)
#undef APUS_GEOS_CASE
  APUS_GEOS_COUNT,
};

struct apus_geos {
  void *functions[APUS_GEOS_COUNT];
};

// The last error of a context.
struct apus_geos_message {
  char text[256];
};

// Loads the library; false if it, or a function of it, is not there. It is never unloaded.
static inline _Bool apus_geos_load(struct apus_geos *library) {
  static const char *const names[] = {
#define APUS_GEOS_NAME(name) "GEOS" #name "_r",
      APUS_GEOS_FUNCTIONS(APUS_GEOS_NAME)
#undef APUS_GEOS_NAME
  };
  void *handle = dlopen("libgeos_c.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!handle) return 0;
  for (int index = 0; index < APUS_GEOS_COUNT; ++index) {
    if (!(library->functions[index] = dlsym(handle, names[index]))) return 0;
  }
  return 1;
}

// A function of the library with the type that its header gives it.
#define APUS_GEOS_CALL(library, name) \
  ((__typeof__(GEOS##name##_r) *)(library)->functions[APUS_GEOS##name])

static inline void apus_geos_keep_message(const char *message, void *kept) {
  struct apus_geos_message *output = kept;
  strncpy(output->text, message, sizeof output->text - 1);
  output->text[sizeof output->text - 1] = 0;
}

// What one thread at a time works with; null where memory ends.
static inline void *apus_geos_create(
    const struct apus_geos *library, struct apus_geos_message *message) {
  GEOSContextHandle_t context = ((GEOSContextHandle_t (*)(void))library->functions[APUS_GEOS_init])();
  if (context) {
    APUS_GEOS_CALL(library, Context_setErrorMessageHandler)(
        context, apus_geos_keep_message, message);
  }
  return context;
}

static inline void apus_geos_destroy(const struct apus_geos *library, void *context) {
  ((void (*)(GEOSContextHandle_t))library->functions[APUS_GEOS_finish])(context);
}

static inline void *apus_geos_create_reader(const struct apus_geos *library, void *context) {
  return APUS_GEOS_CALL(library, WKBReader_create)(context);
}

static inline void apus_geos_destroy_reader(
    const struct apus_geos *library, void *context, void *reader) {
  APUS_GEOS_CALL(library, WKBReader_destroy)(context, reader);
}

static inline void *apus_geos_create_writer(const struct apus_geos *library, void *context) {
  return APUS_GEOS_CALL(library, WKBWriter_create)(context);
}

static inline void apus_geos_destroy_writer(
    const struct apus_geos *library, void *context, void *writer) {
  APUS_GEOS_CALL(library, WKBWriter_destroy)(context, writer);
}

// Null for what is no shape, as for all that follow.
static inline void *apus_geos_read(
    const struct apus_geos *library, void *context, void *reader, const void *bytes, size_t count) {
  return APUS_GEOS_CALL(library, WKBReader_read)(context, reader, bytes, count);
}

// Bytes to be freed.
static inline unsigned char *apus_geos_write(
    const struct apus_geos *library, void *context, void *writer, const void *shape,
    size_t *count) {
  return APUS_GEOS_CALL(library, WKBWriter_write)(context, writer, shape, count);
}

static inline void apus_geos_free(const struct apus_geos *library, void *context, void *memory) {
  APUS_GEOS_CALL(library, Free)(context, memory);
}

static inline void *apus_geos_point(
    const struct apus_geos *library, void *context, double x, double y) {
  return APUS_GEOS_CALL(library, Geom_createPointFromXY)(context, x, y);
}

static inline void apus_geos_destroy_shape(
    const struct apus_geos *library, void *context, void *shape) {
  APUS_GEOS_CALL(library, Geom_destroy)(context, shape);
}

static inline void *apus_geos_prepare(
    const struct apus_geos *library, void *context, const void *shape) {
  return (void *)APUS_GEOS_CALL(library, Prepare)(context, shape);
}

static inline void apus_geos_destroy_prepared(
    const struct apus_geos *library, void *context, void *prepared) {
  APUS_GEOS_CALL(library, PreparedGeom_destroy)(context, prepared);
}

// 0 or 1, and 2 for an error.
static inline char apus_geos_test(
    const struct apus_geos *library, enum apus_geos_function function, void *context,
    const void *shape) {
  return ((__typeof__(GEOSisValid_r) *)library->functions[function])(context, shape);
}

static inline char apus_geos_relate(
    const struct apus_geos *library, enum apus_geos_function function, void *context,
    const void *left, const void *right) {
  return ((__typeof__(GEOSContains_r) *)library->functions[function])(context, left, right);
}

static inline char apus_geos_relate_prepared(
    const struct apus_geos *library, enum apus_geos_function function, void *context,
    const void *prepared, const void *shape) {
  return ((__typeof__(GEOSPreparedContains_r) *)library->functions[function])(
      context, prepared, shape);
}

static inline char apus_geos_relate_pattern(
    const struct apus_geos *library, void *context, const void *left, const void *right,
    const char *pattern) {
  return APUS_GEOS_CALL(library, RelatePattern)(context, left, right, pattern);
}

// Why a shape is not valid and where: 0, with a text to be freed and a point to be destroyed; 1 if it is
// valid, 2 for an error.
static inline char apus_geos_invalid_reason(
    const struct apus_geos *library, void *context, const void *shape, char **reason,
    double *x, double *y) {
  GEOSGeometry *location = NULL;
  char result =
      APUS_GEOS_CALL(library, isValidDetail)(context, shape, 0, reason, &location);
  *x = *y = 0;
  if (location) {
    APUS_GEOS_CALL(library, Geom_getXMin)(context, location, x);
    APUS_GEOS_CALL(library, Geom_getYMin)(context, location, y);
    APUS_GEOS_CALL(library, Geom_destroy)(context, location);
  }
  return result;
}

// False for an error.
static inline _Bool apus_geos_distance(
    const struct apus_geos *library, void *context, const void *left, const void *right,
    double *distance) {
  return APUS_GEOS_CALL(library, Distance)(context, left, right, distance) == 1;
}

static inline _Bool apus_geos_distance_prepared(
    const struct apus_geos *library, void *context, const void *prepared, const void *shape,
    double *distance) {
  return APUS_GEOS_CALL(library, PreparedDistance)(context, prepared, shape, distance) == 1;
}

// The coordinates x, y of the nearest points of two shapes; false for an error or an empty shape.
static inline _Bool apus_geos_nearest(
    const struct apus_geos *library, void *context, const void *left, const void *right,
    double *coordinates) {
  GEOSCoordSequence *points = APUS_GEOS_CALL(library, NearestPoints)(context, left, right);
  if (!points) return 0;
  _Bool is_read =
      APUS_GEOS_CALL(library, CoordSeq_getXY)(context, points, 0, coordinates, coordinates + 1)
      && APUS_GEOS_CALL(library, CoordSeq_getXY)(
          context, points, 1, coordinates + 2, coordinates + 3);
  APUS_GEOS_CALL(library, CoordSeq_destroy)(context, points);
  return is_read;
}

static inline void *apus_geos_transform(
    const struct apus_geos *library, enum apus_geos_function function, void *context,
    const void *shape) {
  return ((__typeof__(GEOSConvexHull_r) *)library->functions[function])(context, shape);
}

static inline void *apus_geos_combine(
    const struct apus_geos *library, enum apus_geos_function function, void *context,
    const void *left, const void *right) {
  return ((__typeof__(GEOSUnion_r) *)library->functions[function])(context, left, right);
}

static inline void *apus_geos_buffer(
    const struct apus_geos *library, void *context, const void *shape, double distance,
    int segments_per_quadrant) {
  return APUS_GEOS_CALL(library, Buffer)(context, shape, distance, segments_per_quadrant);
}

static inline void *apus_geos_simplify(
    const struct apus_geos *library, void *context, const void *shape, double tolerance) {
  return APUS_GEOS_CALL(library, TopologyPreserveSimplify)(context, shape, tolerance);
}
