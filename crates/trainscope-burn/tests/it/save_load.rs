//! Weights on disk.

use trainscope_burn::{BatchNorm, Conv2d, Dense, Flatten, LoadModelError, SaveModelError, Sequential};

use crate::toys::{bars, convolutional, quick};

fn normalised() -> Sequential {
    Sequential::new([Conv2d::new(3, 3), BatchNorm::new().relu(), Flatten::new(), Dense::new(2)])
}

#[test]
fn a_loaded_model_predicts_the_same_and_can_be_trained_on() {
    let (dir, set) = (tempfile::tempdir().unwrap(), bars(24));
    for (name, model) in [("plain", convolutional as fn() -> Sequential), ("normalised", normalised)] {
        let path = dir.path().join(name);
        let mut trained = model();
        trained.fit(&set, quick(3)).unwrap();
        trained.save(&path).unwrap();
        let mut loaded = model();
        loaded.build(&[1, 6, 6]).unwrap();
        assert_ne!(loaded.predict(set.features()).unwrap(), trained.predict(set.features()).unwrap());
        loaded.load(&path).unwrap();
        assert_eq!(
            loaded.predict(set.features()).unwrap(),
            trained.predict(set.features()).unwrap(),
            "{name}"
        );
        let on = loaded.fit(&set, quick(2)).unwrap();
        assert_eq!(on, trained.fit(&set, quick(2)).unwrap(), "{name}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "nothing half-written is left");
}

#[test]
fn what_is_not_a_file_of_weights_is_refused_and_the_model_keeps_its_own() {
    let (dir, set) = (tempfile::tempdir().unwrap(), bars(8));
    let path = dir.path().join("weights");
    let mut model = convolutional();
    assert!(matches!(model.save(&path), Err(SaveModelError::NotBuilt)));
    assert!(matches!(model.load(&path), Err(LoadModelError::NotBuilt)));
    model.build(&[1, 6, 6]).unwrap();
    let before = model.predict(set.features()).unwrap();
    let error = model.load(&path).unwrap_err();
    assert!(matches!(error, LoadModelError::Read { .. }) && error.to_string().contains("weights"), "{error}");
    for garbage in [&b""[..], b"hello", &[0; 4096], &[255; 4096]] {
        std::fs::write(&path, garbage).unwrap();
        let error = model.load(&path).unwrap_err();
        assert!(matches!(error, LoadModelError::Corrupt { .. }), "{error}");
    }
    assert_eq!(model.predict(set.features()).unwrap(), before);
    let missing = dir.path().join("no such folder").join("weights");
    assert!(matches!(model.save(missing), Err(SaveModelError::Write { .. })));
}

#[test]
fn weights_of_another_model_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("weights");
    let mut other = normalised();
    other.build(&[1, 6, 6]).unwrap();
    other.save(&path).unwrap();
    let mut model = convolutional();
    model.build(&[1, 6, 6]).unwrap();
    let error = model.load(&path).unwrap_err();
    assert!(matches!(error, LoadModelError::Mismatch { .. }), "{error}");
    let mut larger = normalised();
    larger.build(&[1, 8, 8]).unwrap();
    assert!(matches!(larger.load(&path), Err(LoadModelError::Mismatch { .. })));
}

#[test]
fn a_damaged_file_is_never_a_panic() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("weights");
    let mut model = convolutional();
    model.build(&[1, 6, 6]).unwrap();
    model.save(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(3) {
        std::fs::write(&path, &whole[..at]).unwrap();
        assert!(model.load(&path).is_err(), "the first {at} of {} bytes are no whole file", whole.len());
        let mut flipped = whole.clone();
        flipped[at] ^= 0x55;
        std::fs::write(&path, &flipped).unwrap();
        // A flipped weight is a number like any other; what counts is that nothing panics.
        let _ = model.load(&path);
    }
}
