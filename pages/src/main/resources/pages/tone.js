// A short tone, if the viewer chose to hear one. Browsers allow it only after the viewer has touched the page.

export function tone() {
  if (localStorage.getItem('onsale.sound') !== 'on') return;
  const audio = new AudioContext();
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.frequency.value = 660;
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.6);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start();
  oscillator.stop(audio.currentTime + 0.6);
  oscillator.onended = () => void audio.close();
}
