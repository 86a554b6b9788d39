/** The made things in the drawn picture: pier, boat and ferry sign. */

type Pen = OffscreenCanvasRenderingContext2D;

export function pier(pen: Pen): void {
  for (let i = 0; i < 44; i++) {
    const t = i / 44;
    const [x, y, w] = [1700 + t * 560, 1360 + t * 330, 300 + t * 420];
    pen.fillStyle = i % 2 ? '#6b5648' : '#5b493f';
    pen.fillRect(x, y, w, 6.2 + 4 * t);
    if (i % 7) continue;
    pen.fillStyle = '#33291f';
    for (const at of [x - 8, x + w - 10]) pen.fillRect(at, y - 70 - 50 * t, 18 + 8 * t, 130 + 60 * t);
  }
  pen.strokeStyle = '#e8d9b8';
  for (const [side, width] of [
    [0, 3],
    [1, 3],
  ]) {
    pen.lineWidth = width!;
    pen.beginPath();
    for (let i = 0; i <= 42; i += 7) {
      const t = i / 44;
      const [x, y] = [1700 + t * 560 + side! * (290 + t * 420), 1360 + t * 330 - 60 - 50 * t];
      if (i === 0) pen.moveTo(x, y);
      else pen.quadraticCurveTo(x - 40, y + 8, x, y);
    }
    pen.stroke();
  }
}

export function boat(pen: Pen): void {
  pen.save();
  pen.translate(1150, 1452);
  pen.fillStyle = '#f0ece2';
  pen.beginPath();
  pen.moveTo(-270, -46);
  pen.quadraticCurveTo(0, -20, 300, -66);
  pen.quadraticCurveTo(250, 54, 120, 62);
  pen.lineTo(-170, 62);
  pen.quadraticCurveTo(-250, 30, -270, -46);
  pen.fill();
  pen.fillStyle = '#b4402f';
  pen.fillRect(-212, 38, 350, 24);
  pen.strokeStyle = '#2c2a35';
  pen.lineWidth = 4;
  pen.beginPath();
  pen.moveTo(20, -40);
  pen.lineTo(20, -430);
  pen.moveTo(20, -425);
  pen.lineTo(290, -64);
  pen.moveTo(20, -425);
  pen.lineTo(-262, -46);
  pen.stroke();
  pen.fillStyle = '#e7c9a4';
  pen.beginPath();
  pen.moveTo(30, -400);
  pen.quadraticCurveTo(150, -220, 236, -86);
  pen.lineTo(30, -70);
  pen.fill();
  pen.strokeStyle = 'rgb(90 70 60 / 60%)';
  pen.lineWidth = 2;
  for (let y = -340; y < -80; y += 38) {
    pen.beginPath();
    pen.moveTo(30, y);
    pen.lineTo(30 + (y + 400) * 0.62, y - 4);
    pen.stroke();
  }
  pen.fillStyle = '#2b3553';
  pen.font = '600 40px "DejaVu Sans", Verdana, sans-serif';
  pen.fillText('NORDLYS', -190, 20);
  pen.restore();
}

/** Lettering from large to very small: what a reader's eye judges first. */
export function sign(pen: Pen): void {
  pen.save();
  pen.translate(2310, 1090);
  pen.fillStyle = '#2c2119';
  pen.fillRect(24, 60, 20, 420);
  pen.fillRect(446, 60, 20, 420);
  pen.fillStyle = '#1c4a41';
  pen.beginPath();
  pen.roundRect(0, 0, 490, 320, 14);
  pen.fill();
  pen.strokeStyle = '#e9e3cf';
  pen.lineWidth = 4;
  pen.strokeRect(16, 16, 458, 288);
  pen.fillStyle = '#f4efdf';
  pen.font = '700 66px "DejaVu Sans", Verdana, sans-serif';
  pen.fillText('Lake ferry', 44, 96, 400);
  pen.font = '400 36px "DejaVu Sans", Verdana, sans-serif';
  const lines = ['Village   06:40   12:15', 'Old mill  07:05   12:40', 'Glacier   07:50   13:25'];
  lines.forEach((line, i) => {
    pen.fillText(line, 44, 156 + i * 44, 402);
  });
  pen.font = '400 22px "DejaVu Sans", Verdana, sans-serif';
  pen.fillText('No swimming beyond the last post', 44, 284, 402);
  pen.restore();
}
