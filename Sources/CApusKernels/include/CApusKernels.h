// Loops that the processor's wider instructions run several times faster, and system calls that
// Swift cannot make. Everything here works on raw memory that the callers have checked.
#ifndef APUS_KERNELS_H
#define APUS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// Memory from the system (HugeMemory.c) --------------------------------------------------------

// What sizes of mapped memory are multiples of: the size of a huge page.
enum { APUS_HUGE_PAGE_SIZE = 2 * 1024 * 1024 };

// Maps memory that is all zeros, in huge pages where the system has them; NULL if it gives none.
void *apus_map(size_t byte_count);

// Moves mapped memory to a larger place; what is new is all zeros. NULL, and the memory as it was,
// if the system gives none.
void *apus_remap(void *memory, size_t byte_count, size_t new_byte_count);

void apus_unmap(void *memory, size_t byte_count);

// Blocks of memory (BlockCache.c) --------------------------------------------------------------

// Returns a block of undefined content, aligned to 64 bytes; NULL if the system gives none.
void *apus_block_allocate(size_t byte_count);

// Gives a block back, on any thread, with the size that it was asked for.
void apus_block_free(void *block, size_t byte_count);

// Files (PunchHole.c) --------------------------------------------------------------------------

// Gives the space of a part of a file back to the file system, which reads as zeros then. Returns 0 if
// the file system can.
int apus_punch_hole(int descriptor, int64_t offset, int64_t byte_count);

// Instructions (Instructions.c) ----------------------------------------------------------------

// What a loop may be made of. Each level has those below it.
enum { APUS_PORTABLE, APUS_AVX2, APUS_AVX512 };

// The highest level that this processor has.
int apus_instructions(void);

// Packed bits (UnpackBits.c) -------------------------------------------------------------------

// Unpacks 8 × `groups` values of `width` bits each, packed from the lowest bit of the first byte
// on. Reads up to 15 bytes behind the packed ones. `width` is 1 to 32.
void apus_unpack_groups(const uint8_t *source, size_t groups, int width, uint32_t *output);

// The same by a level of instructions that the processor has, so that all can be tested.
void apus_unpack_groups_by(
    int instructions, const uint8_t *source, size_t groups, int width, uint32_t *output);

// Selections (Select.c) ------------------------------------------------------------------------

// Writes the positions of the bytes that are 1, where `validity`, if it is not NULL, is 1 as well.
// All bytes are 0 or 1; `output` has room for `count` positions. Returns how many it wrote.
size_t apus_select(const uint8_t *values, const uint8_t *validity, size_t count, int32_t *output);

// The same by a level of instructions that the processor has.
size_t apus_select_by(
    int instructions, const uint8_t *values, const uint8_t *validity, size_t count,
    int32_t *output);

#endif
