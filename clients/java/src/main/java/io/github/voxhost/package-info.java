/**
 * Runs medical-imaging workflows on a Voxhost host.
 *
 * <pre>{@code
 * try (VoxhostClient host = Voxhost.connect("127.0.0.1:50151")) {
 *   Run run = host.run("brain_extraction_deepbet").input("image", image).await();
 *   Image mask = host.download(run.getOutputs(0).getVolume());
 * }
 * }</pre>
 *
 * <p>Workflows, volumes, runs and events are the messages of the protocol, in {@code io.github.voxhost.v1}. Voxels are
 * bytes as they lie in memory: the first axis fastest, components side by side, little-endian; the header's matrix leads
 * from indices to millimetres in LPS. Whatever goes wrong is a {@link io.github.voxhost.VoxhostException}, with a reason
 * for programs and a sentence for people. A client may be used by many threads. Interrupting a thread stops its call,
 * and the run that it waits for on the host as well; the thread's interrupt status stays set.
 */
package io.github.voxhost;
