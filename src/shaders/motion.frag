// Motion of an object's own, for three.js: previous minus current position in UV, written only where the object is what
// the frame's depth shows: hidden movers, and surfaces that a material of the user's has put elsewhere, leave no trace.
uniform sampler2D frameDepth;
uniform bool appeared;  // the object was not drawn in the frame before
varying vec3 vNow;
varying vec3 vBefore;

#include <common>
#include <uv_pars_fragment>
#include <map_pars_fragment>
#include <alphamap_pars_fragment>
#include <alphatest_pars_fragment>
#include <clipping_planes_pars_fragment>
uniform float opacity;
#ifdef MOTION_POINTS
#if defined(USE_POINTS_UV)
varying vec2 vUv;
#else
uniform mat3 uvTransform;
#endif
#endif

// A mark that FrameInput.motion explains.
const float NO_HISTORY = 8.0;
// In depth units: both programs compute the same position, and may round it apart.
const float ROUNDING = 2e-6;

void main() {
  float depth = texelFetch(frameDepth, ivec2(gl_FragCoord.xy), 0).r;
  if (abs(gl_FragCoord.z - depth) > fwidth(gl_FragCoord.z) + ROUNDING) discard;
  vec4 diffuseColor = vec4(vec3(1.0), opacity);
  #include <clipping_planes_fragment>
#ifdef MOTION_POINTS
  #include <map_particle_fragment>
#else
  #include <map_fragment>
  #include <alphamap_fragment>
#endif
  #include <alphatest_fragment>
  vec2 motion = (vBefore.xy / vBefore.z - vNow.xy / vNow.z) * 0.5;
  bool known = !appeared && vBefore.z > 0.0;
  gl_FragColor = vec4(known ? clamp(motion, -1.9, 1.9) : vec2(NO_HISTORY), 0.0, 1.0);
}
