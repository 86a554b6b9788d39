// Motion of an object's own, for three.js: its vertices where they are, and where they were a frame ago. The including
// order of three's chunks is that of its own depth material, so that both lie where the colour render put them.
uniform mat4 currentViewProjection;   // without jitter
uniform mat4 previousViewProjection;
uniform mat4 previousModel;
varying vec3 vNow;     // clip x, y, w without jitter
varying vec3 vBefore;

#include <common>
#include <batching_pars_vertex>
#include <uv_pars_vertex>
#include <displacementmap_pars_vertex>
#include <morphtarget_pars_vertex>
#include <skinning_pars_vertex>
#include <clipping_planes_pars_vertex>

uniform bool rewritten;                     // the CPU has changed the positions since the frame before
uniform highp sampler2D previousPositions;  // those of then, where it has

#ifdef USE_MORPHTARGETS
uniform float previousBaseInfluence;
uniform float previousInfluences[MORPHTARGETS_COUNT];
#endif

#if defined(USE_SKINNING) || defined(USE_INSTANCING) || defined(USE_BATCHING)
uniform highp sampler2D previousMatrices;  // bones, instances or batch

mat4 previousMatrix(int index) {
  int width = textureSize(previousMatrices, 0).x;
  ivec2 at = ivec2((index * 4) % width, (index * 4) / width);
  return mat4(
    texelFetch(previousMatrices, at, 0),
    texelFetch(previousMatrices, at + ivec2(1, 0), 0),
    texelFetch(previousMatrices, at + ivec2(2, 0), 0),
    texelFetch(previousMatrices, at + ivec2(3, 0), 0));
}
#endif
#ifdef USE_SKINNING
uniform mat4 previousBind;
uniform mat4 previousBindInverse;
#endif

#ifdef MOTION_POINTS
uniform float pointSize;
uniform float pointScale;  // 0 where size does not depend on distance
#endif
#ifdef USE_POINTS_UV
varying vec2 vUv;
uniform mat3 uvTransform;
#endif

#ifdef MOTION_SPRITE
uniform vec2 center;
uniform float rotation;
uniform float previousRotation;
uniform bool attenuated;
uniform mat4 currentProjection;
uniform mat4 previousProjection;
uniform mat4 previousView;

// Where a sprite's corner lies in view space: sprites face the camera.
vec4 corner(mat4 model, mat4 view, float turn) {
  vec4 at = view * model[3];
  vec2 scale = vec2(length(model[0].xyz), length(model[1].xyz));
  if (!attenuated && isPerspectiveMatrix(projectionMatrix)) scale *= -at.z;
  vec2 aligned = (position.xy - (center - 0.5)) * scale;
  at.xy += mat2(cos(turn), sin(turn), -sin(turn), cos(turn)) * aligned;
  return at;
}
#endif

#ifdef MOTION_DISPLACED
#include <motion_displacement>
#endif

void main() {
  #include <uv_vertex>
  #ifdef USE_POINTS_UV
  vUv = (uvTransform * vec3(uv, 1)).xy;
  #endif

#ifdef MOTION_SPRITE
  vec4 mvPosition = corner(modelMatrix, viewMatrix, rotation);
  gl_Position = projectionMatrix * mvPosition;
  vNow = (currentProjection * mvPosition).xyw;
  vBefore = (previousProjection * corner(previousModel, previousView, previousRotation)).xyw;
#else
  #include <batching_vertex>
  #include <skinbase_vertex>
  #include <morphinstance_vertex>
  #ifdef USE_DISPLACEMENTMAP
  #include <beginnormal_vertex>
  #include <morphnormal_vertex>
  #include <skinnormal_vertex>
  #endif
  #include <begin_vertex>
  vec3 before = transformed;
  if (rewritten) {
    int width = textureSize(previousPositions, 0).x;
    before = texelFetch(previousPositions, ivec2(gl_VertexID % width, gl_VertexID / width), 0).xyz;
  }
  #ifdef MOTION_DISPLACED
  transformed = displace(transformed);
  before = previous_displace(before);
  #endif
  #include <morphtarget_vertex>
  #ifdef USE_MORPHTARGETS
  before *= previousBaseInfluence;
  for (int i = 0; i < MORPHTARGETS_COUNT; i++) before += getMorph(gl_VertexID, i, 0).xyz * previousInfluences[i];
  #endif
  #include <skinning_vertex>
  #ifdef USE_SKINNING
  vec4 bound = previousBind * vec4(before, 1.0);
  vec4 posed = previousMatrix(int(skinIndex.x)) * bound * skinWeight.x +
    previousMatrix(int(skinIndex.y)) * bound * skinWeight.y +
    previousMatrix(int(skinIndex.z)) * bound * skinWeight.z +
    previousMatrix(int(skinIndex.w)) * bound * skinWeight.w;
  before = (previousBindInverse * posed).xyz;
  #endif
  #ifdef USE_DISPLACEMENTMAP
  vec3 smooth_ = transformed;
  #include <displacementmap_vertex>
  before += transformed - smooth_;
  #endif
  #include <project_vertex>

  vec4 now = vec4(transformed, 1.0);
  vec4 old = vec4(before, 1.0);
  #ifdef USE_BATCHING
  now = batchingMatrix * now;
  old = previousMatrix(int(getIndirectIndex(gl_DrawID))) * old;
  #endif
  #ifdef USE_INSTANCING
  now = instanceMatrix * now;
  old = previousMatrix(gl_InstanceID) * old;
  #endif
  vNow = (currentViewProjection * (modelMatrix * now)).xyw;
  // An instance that was not there a frame ago has a matrix of zeros.
  vBefore = old.w == 0.0 ? vec3(0.0) : (previousViewProjection * (previousModel * old)).xyw;
#endif

  #ifdef MOTION_POINTS
  gl_PointSize = pointSize;
  if (pointScale > 0.0 && isPerspectiveMatrix(projectionMatrix)) gl_PointSize *= pointScale / -mvPosition.z;
  #endif
  #include <clipping_planes_vertex>
}
