// Motion of three's fat lines (LineMaterial), which are wide on the screen and not in the scene: its own vertex shader,
// run for each of the cameras that the line has to be seen by.
uniform mat4 currentProjection;   // without jitter
uniform mat4 previousProjection;
uniform mat4 previousView;
uniform mat4 previousModel;
varying vec3 vNow;     // clip x, y, w without jitter
varying vec3 vBefore;
mat4 lineView;
mat4 lineProjection;

#define modelViewMatrix lineView
#define projectionMatrix lineProjection
#define main drawLine
#include <motion_line>
#undef modelViewMatrix
#undef projectionMatrix
#undef main

#ifdef WORLD_UNITS
// What is drawn is the front of a box around the line, half a width nearer to the camera. Where on the plane through
// the line that is: along it in lengths, beside it in the scene's unit.
vec3 aheadOf(vec3 along) {
  vec3 ahead = lineProjection[2][3] == -1.0 ? worldStart + worldEnd : vec3(0.0, 0.0, -1.0);
  return normalize(ahead - along * dot(ahead, along));
}

vec2 placeOnLine() {
  vec3 along = normalize(worldEnd - worldStart);
  vec3 ahead = aheadOf(along);
  float behind = dot(worldPos.xyz - worldStart, ahead);
  vec3 at = worldPos.xyz - ahead * behind;
  if (lineProjection[2][3] == -1.0) at = worldPos.xyz * dot(worldStart, ahead) / dot(worldPos.xyz, ahead);
  at -= worldStart;
  return vec2(dot(at, along) / distance(worldStart, worldEnd), dot(at, cross(along, ahead)));
}

vec3 clipOf(vec2 place) {
  vec3 along = normalize(worldEnd - worldStart);
  vec3 at = mix(worldStart, worldEnd, place.x) + cross(along, aheadOf(along)) * place.y;
  return (lineProjection * vec4(at, 1.0)).xyw;
}
#endif

void draw(mat4 view, mat4 projection) {
  lineView = view;
  lineProjection = projection;
  drawLine();
}

void main() {
#ifdef WORLD_UNITS
  draw(modelViewMatrix, currentProjection);
  vec2 place = placeOnLine();
  vNow = clipOf(place);
  draw(previousView * previousModel, previousProjection);
  vBefore = clipOf(place);
#else
  draw(previousView * previousModel, previousProjection);
  vBefore = gl_Position.xyw;
  draw(modelViewMatrix, currentProjection);
  vNow = gl_Position.xyw;
#endif
  draw(modelViewMatrix, projectionMatrix);
}
