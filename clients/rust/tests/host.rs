//! The client against a real host: VOXHOST_TEST_HOST is its address (with the repository's example workflows),
//! VOXHOST_TEST_TLS_HOST that of one with TLS and the token "right-token", VOXHOST_TEST_SOCKET_HOST that of one on a Unix
//! socket, and VOXHOST_TEST_FOLDER has head-mri.raw, MONAI's own answer expected.raw, and certificate.pem. test/clients/rust starts both and runs this with
//! `--include-ignored`.

use std::env;
use std::path::Path;
use std::time::Duration;

use voxhost::v1::{ComponentType, RunState, VolumeHeader, run_event::Event};
use voxhost::{CancellationToken, Code, Error, Host, Image, Progress, Tls};

const BRAIN: &str = "brain_extraction_deepbet";
const PATIENT: Duration = Duration::from_secs(60); // Tests share few cores.

async fn host() -> Host {
    voxhost::connect(variable("VOXHOST_TEST_HOST")).timeout(PATIENT).await.unwrap()
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is set by test/clients/rust"))
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(&variable("VOXHOST_TEST_FOLDER")).join(name)).unwrap()
}

fn head_mri() -> Image {
    let header = VolumeHeader {
        sizes: vec![181, 217, 181],
        component_type: ComponentType::Uint8.into(),
        components: 1,
        index_to_world_lps: vec![-1.0, 0.0, 0.0, 90.0, 0.0, -1.0, 0.0, 126.0, 0.0, 0.0, 1.0, -72.0],
        modality: "MR".into(),
    };
    Image::new(header, read("head-mri.raw"))
}

/// 2 × 3 × 4 voxels of one value.
fn small(value: u8) -> Image {
    let header = VolumeHeader {
        sizes: vec![2, 3, 4],
        component_type: ComponentType::Uint8.into(),
        components: 1,
        index_to_world_lps: vec![1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        modality: "MR".into(),
    };
    Image::new(header, vec![value; 24])
}

#[track_caller]
fn wants<T>(ended: Result<T, Error>, code: Code, reason: &str) -> Error {
    let Err(error) = ended else { panic!("it succeeded; wanted {reason}") };
    assert_eq!((error.code(), error.reason()), (code, reason), "{error}");
    error
}

/// A run that takes a minute if it is let.
fn long_run(host: &Host) -> voxhost::NewRun {
    host.run("brain_extraction_mri").input("image", head_mri()).parameter("overlap", 0.95)
}

/// Reads until the network computes; the run's name.
async fn until_network(running: &mut voxhost::Running) -> String {
    while let Some(progress) = running.next().await {
        if let Progress::Event(event) = progress
            && matches!(&event.event, Some(Event::Progress(at)) if at.stage == "network")
        {
            return event.run;
        }
    }
    panic!("the run ended before its network computed");
}

#[tokio::test]
#[ignore = "needs a host"]
async fn the_head_mri_gives_monais_mask_byte_for_byte_in_its_own_geometry() {
    let (host, image) = (host().await, head_mri());
    let mut running = host.run(BRAIN).input("image", &image).start();
    let (mut sent, mut sequences, mut last) = (vec![], vec![], None);
    while let Some(progress) = running.next().await {
        match progress {
            Progress::Sending { sent_bytes, .. } => sent.push(sent_bytes),
            Progress::Event(event) => {
                sequences.push(event.sequence);
                last = event.event;
            }
            _ => {}
        }
    }
    let run = running.await.unwrap();
    assert!(sent.is_sorted() && sent.last() == Some(&image.voxels.len()), "{sent:?}");
    assert!(sequences.is_sorted_by(|a, b| a < b), "{sequences:?}");
    assert!(matches!(last, Some(Event::Succeeded(_))), "{last:?}");

    let output = &run.outputs[0];
    let mask = host.download(run.volume(&output.name).unwrap()).await.unwrap();
    assert!(mask.voxels == read("expected.raw"), "the mask is not MONAI's");
    assert_eq!(mask.header.index_to_world_lps, image.header.index_to_world_lps);
    let counted = mask.voxels.iter().filter(|&&voxel| voxel != 0).count();
    assert_eq!(usize::try_from(output.segments[0].voxel_count), Ok(counted));
    let error = wants(run.volume("other").map(drop), Code::NotFound, "OUTPUT_NOT_FOUND");
    assert!(error.message().contains(&output.name), "{error}");
}

#[tokio::test]
#[ignore = "needs a host"]
async fn workflows_are_those_of_the_folder_by_name() {
    let names: Vec<_> = host().await.workflows().await.unwrap().into_iter().map(|workflow| workflow.name).collect();
    assert!(names.is_sorted() && names.iter().any(|name| name == BRAIN), "{names:?}");
}

#[tokio::test]
#[ignore = "needs a host"]
async fn a_volume_comes_back_byte_for_byte_and_is_once_on_the_host() {
    let (host, image) = (host().await, small(7));
    let first = host.upload(&image).await.unwrap();
    assert_eq!(host.upload(&image).await.unwrap(), first, "named and made once");
    assert_eq!(host.download(&first.name).await.unwrap(), image);
}

#[tokio::test]
#[ignore = "needs a host"]
async fn errors_have_the_hosts_own_reason_and_metadata() {
    let host = host().await;
    let error = wants(host.workflow("no_such_workflow").await, Code::NotFound, "WORKFLOW_NOT_FOUND");
    assert!(error.message().contains(BRAIN), "it lists those there are: {error}");
    wants(host.download("no-such-volume").await, Code::NotFound, "VOLUME_NOT_FOUND");
    wants(host.watch("no-such-run").next().await.unwrap(), Code::NotFound, "RUN_NOT_FOUND");

    let mut flat = small(1);
    flat.header.index_to_world_lps = vec![0.0; 12];
    let error = wants(host.upload(&flat).await, Code::InvalidArgument, "INVALID_FIELD");
    assert!(error.metadata().contains_key("field"), "{:?}", error.metadata());
    let short = Image::new(small(1).header, vec![1; 23]);
    let error = wants(host.upload(&short).await, Code::InvalidArgument, "INVALID_FIELD");
    assert_eq!(error.message(), "voxels is 23 bytes; expected: 24 bytes, as the header says.");
    wants(host.run(BRAIN).input("picture", small(1)).await, Code::InvalidArgument, "INVALID_FIELD");
}

#[tokio::test]
#[ignore = "needs a host"]
async fn a_run_dropped_in_the_middle_is_cancelled_on_the_host() {
    let host = host().await;
    let mut running = long_run(&host).start();
    let name = until_network(&mut running).await;
    drop(running);
    let mut watch = host.watch(&name);
    let mut last = None;
    while let Some(event) = watch.next().await {
        last = event.unwrap().event;
    }
    assert!(matches!(last, Some(Event::Cancelled(_))), "{last:?}");
}

#[tokio::test]
#[ignore = "needs a host"]
async fn a_token_cancels_a_run_and_the_token_of_a_run_that_ended_stays() {
    let (host, token) = (host().await, CancellationToken::new());
    let volume = host.upload(&head_mri()).await.unwrap();
    host.run(BRAIN).input("image", &volume).cancel_on(&token).await.unwrap();
    assert!(!token.is_cancelled(), "it is its owner's");

    let mut running = long_run(&host).cancel_on(&token).start();
    let name = until_network(&mut running).await;
    token.cancel();
    wants(running.await, Code::Cancelled, "CANCELLED");
    // The host was told before the call ended; it ends the run a little later.
    let mut watch = host.watch(&name);
    while watch.next().await.is_some() {}
    assert_eq!(host.get_run(&name).await.unwrap().state(), RunState::Cancelled);
}

#[tokio::test]
#[ignore = "needs a host"]
async fn a_run_cancelled_before_its_inputs_are_there_is_none() {
    let (host, token) = (host().await, CancellationToken::new());
    token.cancel();
    let mut running = host.run(BRAIN).input("image", small(2)).cancel_on(&token).start();
    assert_eq!(running.next().await, None);
    let error = wants(running.await, Code::Cancelled, "CANCELLED");
    assert!(!error.metadata().contains_key("run"), "{:?}", error.metadata());
}

#[tokio::test]
#[ignore = "needs a host"]
async fn a_request_id_again_is_the_same_run() {
    let host = host().await;
    let volume = host.upload(&head_mri()).await.unwrap();
    let first = host.run(BRAIN).input("image", &volume).request_id("rust-once").await.unwrap();
    let again = host.run(BRAIN).input("image", &volume).request_id("rust-once").await.unwrap();
    assert_eq!(first.name, again.name);
}

#[tokio::test]
#[ignore = "needs a host"]
async fn a_host_with_tls_is_reached_where_its_certificate_is_trusted_and_the_token_is_right() {
    let address = variable("VOXHOST_TEST_TLS_HOST");
    let connect = || voxhost::connect(&address).timeout(PATIENT);
    let trusting = || connect().tls(Tls::trusting(read("certificate.pem")));
    let host = trusting().token("right-token").await.unwrap();
    let volume = host.upload(&small(3)).await.unwrap();
    assert_eq!(host.download(volume.name).await.unwrap(), small(3));

    wants(trusting().await, Code::Unauthenticated, "NO_TOKEN");
    wants(trusting().token("other").await, Code::Unauthenticated, "WRONG_TOKEN");
    let elsewhere = connect().tls(Tls::trusting(read("certificate.pem")).server_name("gpu.example"));
    let error = wants(elsewhere.await, Code::Unavailable, "HOST_UNAVAILABLE");
    assert!(error.message().contains("certificate is not trusted"), "{error}");
    wants(connect().tls(Tls::trusting("no PEM")).await, Code::InvalidArgument, "INVALID_FIELD");
    let error = wants(connect().tls(Tls::system()).await, Code::Unavailable, "HOST_UNAVAILABLE");
    assert!(error.message().contains("certificate is not trusted"), "{error}");
    let error = wants(connect().await, Code::Unavailable, "HOST_UNAVAILABLE");
    assert!(error.message().contains("one side alone speak TLS"), "{error}");
    let plain = voxhost::connect(variable("VOXHOST_TEST_HOST")).timeout(PATIENT);
    let error = wants(plain.tls(Tls::system()).await, Code::Unavailable, "HOST_UNAVAILABLE");
    assert!(error.message().contains("one side alone speak TLS"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
#[ignore = "needs a host"]
async fn a_host_on_a_unix_socket_takes_a_token_without_tls() {
    let address = variable("VOXHOST_TEST_SOCKET_HOST");
    let host = voxhost::connect(address).timeout(PATIENT).token("not asked for").await.unwrap();
    let volume = host.upload(&small(4)).await.unwrap();
    assert_eq!(host.download(volume.name).await.unwrap(), small(4));
}

#[tokio::test]
#[ignore = "needs a host"]
async fn many_tasks_share_a_host_and_its_token_is_not_shown() {
    let address = variable("VOXHOST_TEST_HOST");
    let host = voxhost::connect(address).timeout(PATIENT).token("secret").await.unwrap();
    assert!(!format!("{host:?}").contains("secret"), "{host:?}");
    let tasks: Vec<_> = (10..18)
        .map(|value| {
            let host = host.clone();
            tokio::spawn(async move {
                let volume = host.upload(&small(value)).await?;
                host.download(volume.name).await
            })
        })
        .collect();
    for (value, task) in (10..18).zip(tasks) {
        assert_eq!(task.await.unwrap().unwrap(), small(value));
    }
}

#[tokio::test]
async fn where_nothing_listens_and_where_no_machine_is_connecting_says_so() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let error = wants(voxhost::connect(&address).await, Code::Unavailable, "HOST_UNAVAILABLE");
    assert_eq!(error.message(), format!("No host answers at {address}: nothing listens there. Is the host running?"));
    let error = wants(voxhost::connect("gpu.invalid").timeout(PATIENT).await, Code::Unavailable, "HOST_UNAVAILABLE");
    assert_eq!(error.message(), "No host answers at gpu.invalid: no machine of that name is known.");
}

#[tokio::test]
async fn what_listens_and_says_nothing_is_given_up_after_the_time_out() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let short = voxhost::connect(&address).timeout(Duration::from_millis(50));
    wants(short.await, Code::DeadlineExceeded, "DEADLINE_EXCEEDED");
}

#[tokio::test]
async fn a_token_does_not_cross_a_network_readable() {
    let error = wants(voxhost::connect("gpu.example").token("secret").await, Code::InvalidArgument, "INVALID_FIELD");
    assert!(!error.message().contains("secret"), "{error}");
}
