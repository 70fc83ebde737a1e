// The tape's switches, one set for each thread.

#include "CKernels.h"

static _Thread_local int recording = 1;
static _Thread_local void *teardown, *anomaly, *autocast;

int gb_recording(void) { return recording; }

int gb_set_recording(int on) {
  const int before = recording;
  recording = on;
  return before;
}

void *gb_teardown(void) { return teardown; }
void gb_set_teardown(void *list) { teardown = list; }

void *gb_autocast(void) { return autocast; }
void gb_set_autocast(void *region) { autocast = region; }

void *gb_anomaly(void) { return anomaly; }
void gb_set_anomaly(void *place) { anomaly = place; }
